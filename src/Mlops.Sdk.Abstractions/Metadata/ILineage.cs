namespace Mlops.Sdk.Metadata;

/// <summary>
/// Answers where things come from and what came of them, by walking the links of the metadata store level by level along the flow of data.
/// Thread-safe. A walk sees what is committed while it goes on; it is not one snapshot.
/// </summary>
public interface ILineage
{
    /// <summary>The workspace that names without one are looked up in.</summary>
    string Workspace { get; }

    /// <summary>Everything that an entity was made from: data sets, artifacts, steps, runs.</summary>
    /// <param name="id">Where to start. The bytes of an artifact and the data set of the same digest are one thing: either will do, and both are shown where both exist.</param>
    /// <param name="bounds">How far to go; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="NotFoundException">There is no such entity.</exception>
    Task<LineageGraph> UpstreamAsync(EntityId id, LineageBounds? bounds = null, CancellationToken cancellationToken = default);

    /// <summary>Everything that an entity went into: steps, runs, artifacts, model versions, aliases.</summary>
    /// <inheritdoc cref="UpstreamAsync"/>
    Task<LineageGraph> DownstreamAsync(EntityId id, LineageBounds? bounds = null, CancellationToken cancellationToken = default);
}

/// <summary>How far a walk goes.</summary>
public sealed record LineageBounds
{
    /// <summary>At most this many links from the start, at least 1. Default 100.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>At most this many nodes, at least 1. Default 10,000. Nearer ones come first.</summary>
    public int MaxNodes { get; init; } = 10_000;
}
