using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Registry;

/// <summary>Commits and then loses the answer, as a connection that breaks at the wrong moment does; or lets somebody else commit first.</summary>
internal sealed class TroubledStore(int times = 0, bool transient = true, TimeProvider? clock = null) : IMetadataStore
{
    private readonly InMemoryMetadataStore inner = new(clock ?? TimeProvider.System);
    private int left = times;

    /// <summary>What happens between the reads before the next commit and that commit, once.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>Everything that was committed or refused.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<Changeset> Commits { get; } = [];

    public void Lose(int answers) => left = answers;

    public async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        if (Meanwhile is { } meanwhile)
        {
            Meanwhile = null;
            await meanwhile();
        }

        Commits.Enqueue(changeset);
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
