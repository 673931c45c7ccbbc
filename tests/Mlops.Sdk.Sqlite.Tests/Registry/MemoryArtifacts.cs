using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Sqlite.Tests.Registry;

/// <summary>Keeps objects in memory, verifies nothing on read, and lets a test change what it holds: the worst store that a package may come from.</summary>
internal sealed class MemoryArtifacts : IArtifactStore
{
    public ConcurrentDictionary<Digest, byte[]> Objects { get; } = new();

    public Task OpenAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        var digest = Digest.Of(bytes.ToArray());
        Objects[digest] = bytes.ToArray();
        return new(digest, bytes.Length);
    }

    public Task<ArtifactRef?> FindAsync(Digest digest, CancellationToken cancellationToken = default) =>
        Task.FromResult(Objects.TryGetValue(digest, out var bytes) ? new ArtifactRef(digest, bytes.Length) : null);

    public Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default) =>
        Objects.TryGetValue(digest, out var bytes)
            ? Task.FromResult<Stream>(new MemoryStream(bytes, writable: false))
            : throw new NotFoundException($"There is no object {digest}.");

    public Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default) => Task.FromResult(Objects.TryRemove(digest, out _));

    public async IAsyncEnumerable<ArtifactRef> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var (digest, bytes) in Objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(digest, bytes.Length);
        }

        await Task.CompletedTask;
    }
}
