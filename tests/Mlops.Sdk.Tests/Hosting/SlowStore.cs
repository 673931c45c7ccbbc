using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Hosting;

/// <summary>A store that takes its time to open, or fails a few times first.</summary>
internal sealed class SlowStore(TimeSpan delay) : IMetadataStore
{
    private readonly InMemoryMetadataStore inner = new();

    public int Opened { get; private set; }

    public int FailuresLeft { get; set; }

    public async Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default)
    {
        Opened++;
        if (FailuresLeft-- > 0)
        {
            throw new MlopsException("The store is starting.") { IsTransient = true };
        }

        await Task.Delay(delay, cancellationToken);
        return await inner.OpenAsync(cancellationToken);
    }

    public Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default) => inner.CommitAsync(changeset, cancellationToken);

    public Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) => inner.FindAsync(ids, parts, cancellationToken);

    public Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) => inner.QueryAsync(query, cancellationToken);

    public Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) => inner.CountAsync(kind, filter, workspace, atMost, cancellationToken);

    public Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default) => inner.LinksAsync(query, cancellationToken);

    public IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, CancellationToken cancellationToken = default) => inner.ReadPointsAsync(query, cancellationToken);

    public Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default) => inner.ReadEventsAsync(query, cancellationToken);
}
