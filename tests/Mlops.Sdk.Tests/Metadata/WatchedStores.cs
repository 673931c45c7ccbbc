using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Metadata;

/// <summary>Lets a test act, or fail, before each change and after it, and says which kinds were created.</summary>
internal sealed class WatchedMetadata(IMetadataStore inner, Func<string, Task> watch) : IMetadataStore
{
    public HashSet<string> Kinds { get; } = [];

    public async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        Kinds.UnionWith(changeset.Changes.Select(change => change switch { Change.Create c => c.Id.Kind, Change.CreateNumbered c => c.Kind, _ => "" }).Where(kind => kind.Length > 0));
        await watch("commit");
        var result = await inner.CommitAsync(changeset, cancellationToken);
        await watch("committed");
        return result;
    }

    public Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default) => inner.OpenAsync(cancellationToken);

    public Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) => inner.FindAsync(ids, parts, cancellationToken);

    public Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) => inner.QueryAsync(query, cancellationToken);

    public Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) => inner.CountAsync(kind, filter, workspace, atMost, cancellationToken);

    public Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default) => inner.LinksAsync(query, cancellationToken);

    public IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, CancellationToken cancellationToken = default) => inner.ReadPointsAsync(query, cancellationToken);

    public Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default) => inner.ReadEventsAsync(query, cancellationToken);
}

/// <summary>The same for artifacts.</summary>
internal sealed class WatchedArtifacts(IPrunableArtifactStore inner, Func<string, Task> watch) : IPrunableArtifactStore
{
    public async Task<bool> PruneAsync(Digest digest, DateTimeOffset notPutSince, CancellationToken cancellationToken = default)
    {
        await watch("prune");
        var pruned = await inner.PruneAsync(digest, notPutSince, cancellationToken);
        await watch("pruned");
        return pruned;
    }

    public async Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        await watch("read");
        return await inner.OpenReadAsync(digest, cancellationToken);
    }

    public Task OpenAsync(CancellationToken cancellationToken = default) => inner.OpenAsync(cancellationToken);

    public Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default) => inner.PutAsync(content, cancellationToken);

    public Task<ArtifactRef?> FindAsync(Digest digest, CancellationToken cancellationToken = default) => inner.FindAsync(digest, cancellationToken);

    public Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default) => inner.DeleteAsync(digest, cancellationToken);

    public IAsyncEnumerable<ArtifactRef> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);

    public IAsyncEnumerable<PutArtifact> ListPutsAsync(CancellationToken cancellationToken = default) => inner.ListPutsAsync(cancellationToken);
}
