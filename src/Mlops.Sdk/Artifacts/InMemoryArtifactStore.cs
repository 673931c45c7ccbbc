using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Mlops.Sdk.Artifacts;

/// <summary>Artifacts in the memory of this process, for tests and trials: everything is lost when the process ends.</summary>
public sealed class InMemoryArtifactStore : IPrunableArtifactStore
{
    private readonly ConcurrentDictionary<Digest, Stored> objects = new();
    private readonly TimeProvider clock;

    /// <summary>An empty store.</summary>
    public InMemoryArtifactStore()
        : this(null)
    {
    }

    /// <summary>An empty store.</summary>
    /// <param name="clock">The clock that says when something was put; null for the system's.</param>
    public InMemoryArtifactStore(TimeProvider? clock) => this.clock = clock ?? TimeProvider.System;

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
        objects.AddOrUpdate(digest, (_, put) => put, (_, before, put) => new(before.Bytes, put.At), new Stored(bytes, clock.GetUtcNow()));
        return new(digest, bytes.Length);
    }

    /// <inheritdoc/>
    public Task<ArtifactRef?> FindAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = digest.Hex;
        return Task.FromResult(objects.TryGetValue(digest, out var stored) ? new ArtifactRef(digest, stored.Bytes.Length) : null);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return objects.TryGetValue(digest, out var stored)
            ? Task.FromResult<Stream>(new MemoryStream(stored.Bytes, writable: false))
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
        await foreach (var put in ListPutsAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return put.Artifact;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PutArtifact> ListPutsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var (digest, stored) in objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(new(digest, stored.Bytes.Length), stored.At);
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<bool> PruneAsync(Digest digest, DateTimeOffset notPutSince, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(objects.TryGetValue(digest, out var stored) && stored.At < notPutSince && objects.TryRemove(new(digest, stored)));
    }

    /// <summary>Compared by reference, so that what was put again since it was looked at is another one.</summary>
    private sealed class Stored(byte[] bytes, DateTimeOffset at)
    {
        public byte[] Bytes => bytes;

        public DateTimeOffset At => at;
    }
}
