using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Mlops.Sdk.Artifacts;

/// <summary>Artifacts in the memory of this process, for tests and trials: everything is lost when the process ends.</summary>
public sealed class InMemoryArtifactStore : IArtifactStore
{
    private readonly ConcurrentDictionary<Digest, byte[]> objects = new();

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        cancellationToken.ThrowIfCancellationRequested();
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
        var bytes = copy.ToArray();
        var digest = Digest.Of(bytes);
        objects.TryAdd(digest, bytes);
        return new(digest, bytes.Length);
    }

    /// <inheritdoc/>
    public Task<ArtifactRef?> FindAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = digest.Hex;
        return Task.FromResult(objects.TryGetValue(digest, out var bytes) ? new ArtifactRef(digest, bytes.Length) : null);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return objects.TryGetValue(digest, out var bytes)
            ? Task.FromResult<Stream>(new MemoryStream(bytes, writable: false))
            : throw new NotFoundException($"There is no artifact {digest} in memory. Store it first; a store in memory does not outlive its process.") { Store = "in-memory", Operation = "read" };
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(objects.TryRemove(digest, out _));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactRef> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var (digest, bytes) in objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(digest, bytes.Length);
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
