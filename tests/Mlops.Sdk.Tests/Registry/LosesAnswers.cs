using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Registry;

/// <summary>Commits and then loses the answer, as a connection that breaks at the wrong moment does.</summary>
internal sealed class LosesAnswers(int times = 0, bool transient = true) : IMetadataStore
{
    private readonly InMemoryMetadataStore inner = new();
    private int left = times;

    public void Lose(int answers) => left = answers;

    public async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var result = await inner.CommitAsync(changeset, cancellationToken);
        return Interlocked.Decrement(ref left) >= 0 ? throw new MlopsException("The connection broke.") { IsTransient = transient } : result;
    }

    public Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default) => inner.OpenAsync(cancellationToken);

    public Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) => inner.FindAsync(ids, parts, cancellationToken);

    public Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) => inner.QueryAsync(query, cancellationToken);

    public Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) =>
        inner.CountAsync(kind, filter, workspace, atMost, cancellationToken);

    public Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default) => inner.LinksAsync(query, cancellationToken);

    public IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, CancellationToken cancellationToken = default) => inner.ReadPointsAsync(query, cancellationToken);

    public Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default) => inner.ReadEventsAsync(query, cancellationToken);
}
