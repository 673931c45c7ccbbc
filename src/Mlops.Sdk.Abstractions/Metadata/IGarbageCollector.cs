using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// Removes for good what was deleted long enough ago, and the bytes that nothing names any more. Safe beside writers, safe to interrupt at any moment, and safe to run twice at once: the next run goes on.
/// </summary>
public interface IGarbageCollector
{
    /// <summary>Finds what can go and, unless it is a dry run, removes it in slices.</summary>
    /// <param name="options">What to remove; null for the defaults, which are a dry run.</param>
    /// <param name="cancellationToken">Cancels between two slices.</param>
    /// <exception cref="CorruptedException">An object that is in use, and may name others, cannot be read, so that nothing can be said about what it names. Records may have been removed; no bytes were.</exception>
    Task<GarbageReport> CollectAsync(GarbageOptions? options = null, CancellationToken cancellationToken = default);
}

/// <summary>What to remove.</summary>
public sealed record GarbageOptions
{
    /// <summary>The shortest <see cref="Grace"/>.</summary>
    public static readonly TimeSpan MinGrace = TimeSpan.FromHours(1);

    /// <summary>Whether to say only what would be removed. Default true.</summary>
    public bool DryRun { get; init; } = true;

    /// <summary>How long runs and versions that were deleted can be restored. Default 30 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Objects that were put more recently than this stay, because what names them may not be committed yet: longer than the longest step or run between its first upload and its last commit. Default 7 days, at least an hour.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Workspaces that share the artifact store, besides this host's and those that events name.</summary>
    public IReadOnlyList<string> Workspaces { get; init; } = [];

    /// <summary>Kinds of your own entities that name artifacts, besides the kinds of the SDK, those that events name, and those that are linked to an artifact.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];
}

/// <summary>What was removed, or would be.</summary>
/// <param name="DryRun">Whether nothing was removed.</param>
/// <param name="Rows">The entities: runs and versions past their retention with what belongs to them, and artifacts without bytes that nothing links to.</param>
/// <param name="Artifacts">The objects.</param>
/// <param name="Prunable">Whether the artifact store can remove bytes while others write; false: it keeps them all.</param>
public sealed record GarbageReport(bool DryRun, IReadOnlyList<EntityId> Rows, IReadOnlyList<ArtifactRef> Artifacts, bool Prunable)
{
    /// <summary>The bytes of <see cref="Artifacts"/>.</summary>
    public long Bytes => Artifacts.Sum(artifact => artifact.Length);
}
