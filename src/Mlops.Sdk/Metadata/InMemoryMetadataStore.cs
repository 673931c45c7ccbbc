using System.Runtime.CompilerServices;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// Metadata in the memory of this process, for tests and trials: everything is lost when the process ends. Also the model of the contract: simple before fast, so queries read every entity.
/// </summary>
public sealed class InMemoryMetadataStore : IMetadataStore
{
    private readonly Lock commit = new();
    private readonly TimeProvider clock;
    private readonly StoreInfo info = new(MlopsId.New(), "in-memory", 1, 100_000, MetadataLimits.InlineBytes, MetadataLimits.InlineBytes);
    private volatile InMemoryState state = new();
    private volatile TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An empty store.</summary>
    /// <param name="clock">The store's clock; null for the system's.</param>
    public InMemoryMetadataStore(TimeProvider? clock = null) => this.clock = clock ?? TimeProvider.System;

    /// <inheritdoc/>
    public Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(info);
    }

    /// <inheritdoc/>
    public Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(changeset, info.MaxChanges);
        cancellationToken.ThrowIfCancellationRequested();
        CommitResult? result;
        lock (commit)
        {
            var before = state;
            if (before.Results.TryGetValue(changeset.Id, out result))
            {
                return Task.FromResult(result);
            }

            // Strictly growing, so that "unmodified since" cannot miss a change within one tick of the clock.
            var earliest = before.At.AddMicroseconds(1);
            (state, result) = new InMemoryCommit(before, changeset, Later(Now(), earliest)).Apply();
        }

        if (result.Committed)
        {
            Interlocked.Exchange(ref news, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }

        return Task.FromResult(result);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = state;
        var asOf = Later(Now(), now.At);
        return Task.FromResult<IReadOnlyList<Entity?>>([.. ids.Select(id => now.Entities.GetValueOrDefault(id)?.Read(parts, asOf))]);
    }

    /// <inheritdoc/>
    public Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(query);
        cancellationToken.ThrowIfCancellationRequested();
        var name = PageToken.Describe(query);
        var after = PageToken.Read(query.After, name);
        var order = query.Order is [var only] ? only : null;
        var descending = order?.Descending ?? true;
        var now = state;
        var asOf = Later(Now(), now.At);
        var rows = new InMemoryQuery(now).Select(query.Workspace, query.Kind, query.Filter)
            .Select(entity => (Entity: entity, Place: InMemoryQuery.Place(entity, order)))
            .Where(row => after is null || InMemoryQuery.Compare(row.Place, after.Value, descending) > 0)
            .Order(Comparer<(InMemoryEntity Entity, PageToken Place)>.Create((a, b) => InMemoryQuery.Compare(a.Place, b.Place, descending)))
            .Take(query.Limit + 1)
            .ToList();
        var next = rows.Count > query.Limit ? rows[query.Limit - 1].Place.Write(name) : null;
        return Task.FromResult(new Page<Entity>([.. rows.Take(query.Limit).Select(row => row.Entity.Read(query.Parts, asOf))], next, asOf));
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(filter);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Math.Min(atMost, new InMemoryQuery(state).Select(workspace, kind, filter).LongCount()));
    }

    /// <inheritdoc/>
    public Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(query);
        cancellationToken.ThrowIfCancellationRequested();
        var name = PageToken.Describe(query);
        var after = PageToken.Read(query.After, name);
        var now = state;
        var forward = query.Direction == LinkDirection.Out;
        var order = Comparer<PageToken>.Create((a, b) =>
            a.Sequence != b.Sequence ? a.Sequence.CompareTo(b.Sequence)
            : a.Text != b.Text ? AttributeOrder.CompareText(a.Text!, b.Text!)
            : a.Number.CompareTo(b.Number));
        var rows = query.Ids.Distinct()
            .Select(id => now.Entities.GetValueOrDefault(id))
            .OfType<InMemoryEntity>()
            .SelectMany(e => forward ? e.Out : e.In)
            .Where(link => query.Relation is null || link.Relation == query.Relation)
            .Select(link => (Link: link, Place: Place(link)))
            .Where(row => after is null || order.Compare(row.Place, after.Value) > 0)
            .OrderBy(row => row.Place, order)
            .Take(query.Limit + 1)
            .ToList();
        var next = rows.Count > query.Limit ? rows[query.Limit - 1].Place.Write(name) : null;
        return Task.FromResult(new Page<Link>([.. rows.Take(query.Limit).Select(row => row.Link)], next, Later(Now(), now.At)));

        PageToken Place(Link link)
        {
            long from = now.Entities[link.From].Sequence, to = now.Entities[link.To].Sequence;
            return forward ? new(0, to, link.Relation, from) : new(0, from, link.Relation, to);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var points = state.Entities.GetValueOrDefault(query.Owner)?.Points.GetValueOrDefault(query.Key) ?? [];
        foreach (var point in points.Where(point => point.Step >= query.FromStep && point.Step <= query.ToStep))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return point;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(query);
        var deadline = clock.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var changed = news.Task;
            var now = state;
            var found = now.Events
                .SkipWhile(e => e.Position <= query.AfterPosition)
                .Where(e => (query.Kinds.Count == 0 || query.Kinds.Contains(e.Subject.Kind)) && (query.Subject is null || e.Subject == query.Subject))
                .Take(query.Limit)
                .ToList();
            var left = query.Wait - clock.GetElapsedTime(deadline);
            if (found.Count > 0 || left <= TimeSpan.Zero)
            {
                return new(found, null, Later(Now(), now.At));
            }

            await changed.WaitAsync(left, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
