namespace Mlops.Sdk.Metadata;

/// <summary>A directed, typed edge between two entities. There is at most one of each (from, relation, to).</summary>
public sealed record Link(EntityId From, string Relation, EntityId To);

/// <summary>Which end of a link the given entities are.</summary>
public enum LinkDirection
{
    /// <summary>Links that leave the given entities.</summary>
    Out,

    /// <summary>Links that reach the given entities.</summary>
    In,
}

/// <summary>Selects the links of a set of entities, in a stable order.</summary>
public sealed record LinkQuery(IReadOnlyList<EntityId> Ids, LinkDirection Direction)
{
    /// <summary>Only this relation, or null for all.</summary>
    public string? Relation { get; init; }

    /// <summary>At most this many on a page, 1 to 10,000.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>The token of the page before, or null for the first.</summary>
    public string? After { get; init; }
}
