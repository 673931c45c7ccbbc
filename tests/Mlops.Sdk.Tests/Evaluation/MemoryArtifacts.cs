using System.Collections.Concurrent;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Evaluation;

/// <summary>Artifacts that a test can look into and plant.</summary>
internal sealed class MemoryArtifacts : IArtifactStore
{
    public ConcurrentDictionary<Digest, byte[]> Content { get; } = new();

    public Task OpenAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return Put(bytes.ToArray());
    }

    public ArtifactRef Put(byte[] content)
    {
        var digest = Digest.Of(content);
        Content[digest] = content;
        return new(digest, content.Length);
    }

    public Task<ArtifactRef?> FindAsync(Digest digest, CancellationToken cancellationToken = default) =>
        Task.FromResult(Content.TryGetValue(digest, out var content) ? new ArtifactRef(digest, content.Length) : null);

    public Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default) => Task.FromResult<Stream>(new MemoryStream(Content[digest], writable: false));

    public Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default) => Task.FromResult(Content.TryRemove(digest, out _));

    public IAsyncEnumerable<ArtifactRef> ListAsync(CancellationToken cancellationToken = default) =>
        Content.Select(entry => new ArtifactRef(entry.Key, entry.Value.Length)).ToAsyncEnumerable();
}
