using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Registry;

/// <summary>Commits and then loses the answer, as a connection that breaks at the wrong moment does; or lets somebody else commit first.</summary>
internal sealed class TroubledStore(int times = 0, bool transient = true, TimeProvider? clock = null, IMetadataStore? inner = null) : IMetadataStore
{
    private readonly IMetadataStore inner = inner ?? new InMemoryMetadataStore(clock);
    private int left = times;
    private int finds;

    /// <summary>What happens between the reads before the next commit and that commit, once.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>Everything that was committed or refused.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<Changeset> Commits { get; } = [];

    /// <summary>Every question about events, and what happens before each is answered.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<EventQuery> EventReads { get; } = [];

    public Action<EventQuery>? BeforeEvents { get; set; }

    /// <summary>What happens between a read of entities and its answer.</summary>
    public Func<Task>? AfterFind { get; set; }

    public int Finds => Volatile.Read(ref finds);

    /// <summary>The position of the last event about a kind; 0 when there is none.</summary>
    public long LastPosition(string kind) => inner.ReadEventsAsync(new() { Kinds = [kind], Limit = 1000 }).GetAwaiter().GetResult().Items is [.., var last] ? last.Position : 0;

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

    public async Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref finds);
        var found = await inner.FindAsync(ids, parts, cancellationToken);
        await (AfterFind?.Invoke() ?? Task.CompletedTask);
        return found;
    }

    public Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) => inner.QueryAsync(query, cancellationToken);

    public Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) =>
        inner.CountAsync(kind, filter, workspace, atMost, cancellationToken);

    public Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default) => inner.LinksAsync(query, cancellationToken);

    public IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, CancellationToken cancellationToken = default) => inner.ReadPointsAsync(query, cancellationToken);

    public Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        EventReads.Enqueue(query);
        BeforeEvents?.Invoke(query);
        return inner.ReadEventsAsync(query, cancellationToken);
    }
}
