namespace Mlops.Sdk.Metadata;

/// <summary>Selects entities of one kind.</summary>
public sealed record EntityQuery(string Kind)
{
    /// <summary>The workspace to look in.</summary>
    public string Workspace { get; init; } = EntityId.DefaultWorkspace;

    /// <summary>The condition, or null for all.</summary>
    public EntityFilter? Filter { get; init; }

    /// <summary>The order, at most one in this version of the contract; ties, and a query without an order, are newest created first.</summary>
    public IReadOnlyList<Order> Order { get; init; } = [];

    /// <summary>At most this many on a page, 1 to 1,000.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The token of the page before, or null for the first.</summary>
    public string? After { get; init; }

    /// <summary>What to return of each entity.</summary>
    public EntityParts Parts { get; init; } = EntityParts.Body;

    /// <summary>
    /// A query as text: a condition, then <c>order by NAME asc|desc</c>, each of which may be missing. For example <c>metrics.auc > 0.8 and tags.team in ('a', 'b') order by metrics.auc desc</c>.
    /// The language is a superset of MLflow's, and the names depend on the kind; docs/metadata.md lists both.
    /// </summary>
    /// <param name="kind">The kind of entity. Of a kind that this SDK does not know, every name is the name of an attribute.</param>
    /// <param name="text">The text: at most 10,000 characters and 500 comparisons.</param>
    /// <exception cref="FilterSyntaxException">It is not written in the language; the message points at the place.</exception>
    public static EntityQuery Parse(string kind, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(text);
        var (filter, order) = new FilterParser(text, SearchKind.Of(kind)).Parse();
        return new(kind) { Filter = filter, Order = order is null ? [] : [order] };
    }
}

/// <summary>
/// An ordering by an attribute, or by <c>@created</c>, <c>@modified</c> or <c>@key</c>. Whatever the direction: numbers first (-0 equals 0), then NaN, then texts (ordinal, in the same direction), then entities without the attribute.
/// <c>@created</c> is the order of creation, exact even within one changeset.
/// </summary>
public sealed record Order(string Attribute, bool Descending = false);
