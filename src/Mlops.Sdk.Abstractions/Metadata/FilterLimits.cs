namespace Mlops.Sdk.Metadata;

/// <summary>Walks one filter and counts what is in it.</summary>
internal sealed class FilterLimits
{
    private int parts;
    private int values;

    public void Check(EntityFilter filter, int depth)
    {
        if (depth > MetadataLimits.MaxFilterDepth)
        {
            throw new ArgumentException($"The filter is nested deeper than {MetadataLimits.MaxFilterDepth} levels.");
        }

        switch (filter)
        {
            case EntityFilter.All f:
                All(f.Of, depth);
                break;
            case EntityFilter.Any f:
                All(f.Of, depth);
                break;
            case EntityFilter.Not f:
                Check(f.Of, depth + 1);
                break;
            case EntityFilter.Linked f:
                ArgumentNullException.ThrowIfNull(f.Relation);
                Check(f.Of, depth + 1);
                break;
            case EntityFilter.Compare f:
                Compare(f);
                break;
            case EntityFilter.Present f:
                ArgumentNullException.ThrowIfNull(f.Attribute);
                Count();
                break;
            default:
                throw new ArgumentException("null is not a filter.");
        }
    }

    private void All(IReadOnlyList<EntityFilter> of, int depth)
    {
        ArgumentNullException.ThrowIfNull(of);
        if (of.Count == 0)
        {
            Count();
        }

        foreach (var inner in of)
        {
            Check(inner, depth + 1);
        }
    }

    private void Compare(EntityFilter.Compare compare)
    {
        ArgumentNullException.ThrowIfNull(compare.Attribute);
        Count();
        if (!Enum.IsDefined(compare.Operator))
        {
            throw new ArgumentException($"{compare.Operator} is not a comparison.");
        }

        if (compare.Operator != Comparison.In && compare.Values.Count != 1)
        {
            throw new ArgumentException($"The comparison of '{compare.Attribute}' by {compare.Operator} has {compare.Values.Count} values; it takes exactly one.");
        }

        values += compare.Values.Count;
        if (values > MetadataLimits.MaxFilterValues)
        {
            throw new ArgumentException($"The filter has more than {MetadataLimits.MaxFilterValues} values. Ask for them in several queries.");
        }

        foreach (var value in compare.Values)
        {
            MetadataLimits.Inline(value.Text, "the filter", compare.Attribute);
        }
    }

    private void Count()
    {
        if (++parts > MetadataLimits.MaxFilterParts)
        {
            throw new ArgumentException($"The filter has more than {MetadataLimits.MaxFilterParts} comparisons. Compare one attribute with many values by In, or ask in several queries.");
        }
    }
}
