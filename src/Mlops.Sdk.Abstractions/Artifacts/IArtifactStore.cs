namespace Mlops.Sdk.Artifacts;

/// <summary>
/// Bytes by content address. Thread-safe, also across processes on one store. Nothing is ever visible before it is complete and durable; equal uploads converge on one object.
/// </summary>
/// <remarks>The suite <c>ArtifactStoreConformance</c> of Mlops.Sdk.Conformance is the contract in executable form.</remarks>
public interface IArtifactStore
{
    /// <summary>Checks that the store can be written and read. Idempotent.</summary>
    /// <exception cref="MlopsException">It cannot; the message names the place and the remedy.</exception>
    Task OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Stores everything that the stream yields, from its current position. Idempotent; a cancelled or failed upload leaves nothing behind.</summary>
    /// <exception cref="MlopsException">The content could not be stored, for example on a full disk.</exception>
    Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default);

    /// <summary>The stored object, or null when there is none.</summary>
    Task<ArtifactRef?> FindAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens an object. The stream verifies while it is read and throws <see cref="CorruptedException"/> instead of reporting its end when length or digest differ: whoever acts on content must read to the end first.
    /// </summary>
    /// <exception cref="NotFoundException">There is no such object.</exception>
    Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>Removes an object; false when there was none.</summary>
    Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>All complete objects in no particular order.</summary>
    IAsyncEnumerable<ArtifactRef> ListAsync(CancellationToken cancellationToken = default);
}

/// <summary>A stored object.</summary>
/// <param name="Digest">Its address.</param>
/// <param name="Length">Its size in bytes.</param>
public sealed record ArtifactRef(Digest Digest, long Length);
