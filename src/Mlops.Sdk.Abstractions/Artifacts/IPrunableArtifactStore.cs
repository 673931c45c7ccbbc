namespace Mlops.Sdk.Artifacts;

/// <summary>
/// What an artifact store adds so that bytes which nothing names can be removed while others write. A store that does not add it keeps them.
/// Putting an object again, which changes nothing about its content, makes it as young as a new one.
/// </summary>
public interface IPrunableArtifactStore : IArtifactStore
{
    /// <summary>All complete objects with the time of their last put, in no particular order.</summary>
    IAsyncEnumerable<PutArtifact> ListPutsAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes an object unless it was put at or after a time; a put that happens at the same moment wins. False when the object stays or there was none.</summary>
    Task<bool> PruneAsync(Digest digest, DateTimeOffset notPutSince, CancellationToken cancellationToken = default);
}

/// <summary>A stored object and when it was last put.</summary>
/// <param name="Artifact">The object.</param>
/// <param name="LastPut">When it was last put, by the clock of the store.</param>
public sealed record PutArtifact(ArtifactRef Artifact, DateTimeOffset LastPut);
