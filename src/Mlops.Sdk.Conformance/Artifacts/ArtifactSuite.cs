using Xunit;

namespace Mlops.Sdk.Artifacts;

/// <summary>What the facts of <see cref="ArtifactStoreConformance"/> share: the store under test, and short forms for talking to it.</summary>
public abstract class ArtifactSuite : IAsyncLifetime
{
    private IArtifactStore? store;

    /// <summary>The store under test: opened and empty when a fact begins.</summary>
    protected IArtifactStore Store => store ?? throw new InvalidOperationException("The fact was not initialized.");

    /// <summary>Makes an opened, empty store. Called once for each fact; the suite disposes what is disposable.</summary>
    protected abstract Task<IArtifactStore> CreateAsync();

    /// <summary>Closes a store and opens the same data again; null, which is the default, when the data does not outlive the store.</summary>
    /// <param name="store">The store, which the suite does not use any more.</param>
    protected virtual Task<IArtifactStore?> ReopenAsync(IArtifactStore store) => Task.FromResult<IArtifactStore?>(null);

    /// <summary>Damages the stored bytes of an object behind the store's back; false, which is the default, when that cannot be done.</summary>
    /// <param name="store">The store.</param>
    /// <param name="digest">The object.</param>
    /// <param name="damage">What to do to it.</param>
    protected virtual Task<bool> DamageAsync(IArtifactStore store, Digest digest, ArtifactDamage damage) => Task.FromResult(false);

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => store = await CreateAsync();

    /// <summary>Disposes the store. Override to remove files, and call the base first.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        switch (store)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    /// <summary>Cancelled when the run is aborted.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Random bytes, always the same for one length.</summary>
    protected static byte[] Content(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Stores bytes.</summary>
    protected Task<ArtifactRef> PutAsync(byte[] content) => Store.PutBytesAsync(content, Token);

    /// <summary>Reads an object to its end, in pieces of odd size.</summary>
    protected async Task<byte[]> ReadAsync(Digest digest)
    {
        await using var stream = await Store.OpenReadAsync(digest, Token);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, 4999, Token);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Token));
        return content.ToArray();
    }

    /// <summary>All objects.</summary>
    protected async Task<List<ArtifactRef>> ListAsync()
    {
        var all = new List<ArtifactRef>();
        await foreach (var artifact in Store.ListAsync(Token))
        {
            all.Add(artifact);
        }

        return all;
    }

    /// <summary>Closes and opens the store, or skips the fact when its data does not outlive it.</summary>
    protected async Task ReopenAsync()
    {
        var again = await ReopenAsync(Store);
        Assert.SkipWhen(again is null, "The data of this store does not outlive it.");
        store = again;
    }
}
