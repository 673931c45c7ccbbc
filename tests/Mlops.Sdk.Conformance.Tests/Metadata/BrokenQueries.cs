using System.Globalization;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Metadata.EntityFilter;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>Answers Not by the logic of SQL, where a comparison with nothing is neither true nor false.</summary>
internal sealed class ThreeValuedLogic : ChangedFilters
{
    protected override EntityFilter One(EntityFilter filter) => filter is Not { Of: Compare c } ? new All([new Present(c.Attribute), filter]) : filter;
}

/// <summary>Compares texts by a collation that ignores case.</summary>
internal sealed class IgnoresCase : ChangedFilters
{
    protected override EntityFilter One(EntityFilter filter) => filter is Compare { Operator: Comparison.Equal, Values: [{ Text: { } text }] } c && !text.Contains('%') && !text.Contains('_') ? c with { Operator = Comparison.LikeIgnoreCase } : filter;
}

/// <summary>Compares texts as if they were padded with spaces, as many collations of MySQL do.</summary>
internal sealed class PadsWithSpaces : ChangedFilters
{
    protected override EntityFilter One(EntityFilter filter) =>
        filter is Compare { Operator: Comparison.Equal, Values: [{ Text: { } text }] } c ? c with { Operator = Comparison.In, Values = [text, text.TrimEnd(' '), text.TrimEnd(' ') + " ", text.TrimEnd(' ') + "  "] } : filter;
}

/// <summary>Takes a backslash in a pattern for an escape.</summary>
internal sealed class EscapesPatterns : ChangedFilters
{
    protected override EntityFilter One(EntityFilter filter) => filter is Compare { Operator: Comparison.Like, Values: [{ Text: { } pattern }] } c ? c with { Values = [pattern.Replace("\\", "", StringComparison.Ordinal)] } : filter;
}

/// <summary>Compares as much of a text as its index holds.</summary>
internal sealed class ComparesPrefixes : ChangedFilters
{
    protected override EntityFilter One(EntityFilter filter) => filter is Compare { Operator: Comparison.Equal, Values: [{ Text: { Length: > 900 } text }] } c ? c with { Operator = Comparison.Like, Values = [text[..900] + "%"] } : filter;
}

/// <summary>Pages by counting rows.</summary>
internal sealed class CountsRows : WrappedStore
{
    public override async Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default)
    {
        var skip = query.After is null ? 0 : int.TryParse(query.After, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) ? rows : throw new ArgumentException("Not a token.");
        var all = new List<Entity>();
        Page<Entity> page;
        var inner = query with { After = null, Limit = 1000 };
        do
        {
            page = await Inner.QueryAsync(inner, cancellationToken);
            all.AddRange(page.Items);
            inner = inner with { After = page.Next };
        }
        while (page.Next is not null);
        _ = await Inner.QueryAsync(query with { After = null }, cancellationToken);
        return new([.. all.Skip(skip).Take(query.Limit)], all.Count > skip + query.Limit ? (skip + query.Limit).ToString(CultureInfo.InvariantCulture) : null, page.AsOf);
    }
}

/// <summary>Begins again when it cannot read a token.</summary>
internal sealed class TakesAnyToken : WrappedStore
{
    public override async Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Inner.QueryAsync(query, cancellationToken);
        }
        catch (ArgumentException) when (query?.After is not null)
        {
            return await Inner.QueryAsync(query with { After = null }, cancellationToken);
        }
    }
}

/// <summary>Begins every further page one row too late.</summary>
internal sealed class SkipsRows : WrappedStore
{
    public override async Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default)
    {
        var page = await Inner.QueryAsync(query, cancellationToken);
        return query.After is null ? page : page with { Items = [.. page.Items.Skip(1)] };
    }
}
