using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>The comparisons of the filter language and of the typed builder.</summary>
internal enum FilterOperator
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Like,
    LikeIgnoreCase,
    Exists,
}

/// <summary>What one comparison of a field means as a filter: the only place that knows, for text and builder alike.</summary>
internal static class FilterTerm
{
    /// <summary>A comparison; it is false where there is no value.</summary>
    public static EntityFilter Is(SearchField field, FilterOperator by, params IReadOnlyList<AttributeValue> values) => Wrap(field, name => Positive(field, name, by, values), by, values, negative: false);

    /// <summary>Its opposite among the entities that have a value.</summary>
    public static EntityFilter IsNot(SearchField field, FilterOperator by, params IReadOnlyList<AttributeValue> values) => Wrap(field, name => Negative(field, name, by, values), by, values, negative: true);

    /// <summary>A time as the number that stores compare.</summary>
    public static AttributeValue Time(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / 1000.0;

    private static EntityFilter Wrap(SearchField field, Func<string, EntityFilter> term, FilterOperator by, IReadOnlyList<AttributeValue> values, bool negative)
    {
        if (field.Roles.Count > 0)
        {
            return Linked(field.Roles.Where(role => by == FilterOperator.Exists || Holds(role.Key, by, values) != negative).Select(role => role.Value), new EntityFilter.All([]));
        }

        return field.Through.Count > 0 ? Linked(field.Through, term(field.Attribute)) : term(field.Attribute);
    }

    private static EntityFilter Linked(IEnumerable<string> relations, EntityFilter of)
    {
        EntityFilter[] linked = [.. relations.Order(StringComparer.Ordinal).Select(relation => new EntityFilter.Linked(relation, LinkDirection.Out, of))];
        return linked is [var one] ? one : new EntityFilter.Any(linked);
    }

    private static EntityFilter Positive(SearchField field, string attribute, FilterOperator by, IReadOnlyList<AttributeValue> values) => by switch
    {
        FilterOperator.Exists => new EntityFilter.Present(attribute),
        FilterOperator.Equal or FilterOperator.In => Stored(field, values) is [var one] ? new EntityFilter.Compare(attribute, Comparison.Equal, one) : new EntityFilter.Compare(attribute, Comparison.In, Stored(field, values)),
        FilterOperator.Like when field.Normalize is null => new EntityFilter.Compare(attribute, Comparison.Like, values[0]),
        FilterOperator.Like or FilterOperator.LikeIgnoreCase => new EntityFilter.Compare(attribute, Comparison.LikeIgnoreCase, values[0]),
        FilterOperator.Less => new EntityFilter.Compare(attribute, Comparison.Less, values[0]),
        FilterOperator.LessOrEqual => new EntityFilter.Compare(attribute, Comparison.LessOrEqual, values[0]),
        FilterOperator.Greater => new EntityFilter.Compare(attribute, Comparison.Greater, values[0]),
        FilterOperator.GreaterOrEqual => new EntityFilter.Compare(attribute, Comparison.GreaterOrEqual, values[0]),
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "This is not a comparison."),
    };

    /// <summary>Where an attribute has values of one type only, the store's own "not equal" says it with one look.</summary>
    private static EntityFilter Negative(SearchField field, string attribute, FilterOperator by, IReadOnlyList<AttributeValue> values) =>
        by == FilterOperator.Equal && field.Type != SearchType.Any
            ? new EntityFilter.Compare(attribute, Comparison.NotEqual, Stored(field, values)[0])
            : new EntityFilter.All([new EntityFilter.Present(attribute), new EntityFilter.Not(Positive(field, attribute, by, values))]);

    /// <summary>The values as they are stored. A text that reads as a number stands for that number too, because other trackers know texts only.</summary>
    private static List<AttributeValue> Stored(SearchField field, IReadOnlyList<AttributeValue> values)
    {
        var stored = new List<AttributeValue>(values.Count);
        foreach (var value in values)
        {
            stored.Add(value.Text is { } text && field.Normalize is { } normalize ? normalize(text) : value);
            if (field.Type == SearchType.Any && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                stored.Add(number);
            }
        }

        return stored;
    }

    private static bool Holds(string role, FilterOperator by, IReadOnlyList<AttributeValue> values) => by switch
    {
        FilterOperator.Equal or FilterOperator.In => values.Any(value => value.Text == role),
        FilterOperator.Like => TextPattern.Matches(role, values[0].Text!, ignoreCase: false),
        FilterOperator.LikeIgnoreCase => TextPattern.Matches(role, values[0].Text!, ignoreCase: true),
        FilterOperator.Less => string.CompareOrdinal(role, values[0].Text) < 0,
        FilterOperator.LessOrEqual => string.CompareOrdinal(role, values[0].Text) <= 0,
        FilterOperator.Greater => string.CompareOrdinal(role, values[0].Text) > 0,
        FilterOperator.GreaterOrEqual => string.CompareOrdinal(role, values[0].Text) >= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "This is not a comparison."),
    };
}
