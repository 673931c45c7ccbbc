using System.Collections.Concurrent;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>A store that can be lost for a while. Disposes the one inside.</summary>
public sealed class UnreliableStore(IMetadataStore inner) : IMetadataStore, IAsyncDisposable
{
    private volatile bool lost;
    private int answersToLose;

    /// <summary>Every changeset with points that was asked for, also those that failed: its id and its first step.</summary>
    public ConcurrentQueue<(Guid Id, long Step)> Appends { get; } = new();

    /// <summary>Whether commits fail transiently.</summary>
    public bool Lost
    {
        get => lost;
        set => lost = value;
    }

    /// <summary>The next commits are done, but the answer does not arrive.</summary>
    public void LoseAnswers(int count) => answersToLose = count;

    public async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        if (changeset.Changes.OfType<Change.Append>().FirstOrDefault() is { } append)
        {
            Appends.Enqueue((changeset.Id, append.Points[0].Step));
        }

        if (Lost)
        {
            throw new MlopsException("The store cannot be reached.") { IsTransient = true };
        }

        var result = await inner.CommitAsync(changeset, cancellationToken);
        return Interlocked.Decrement(ref answersToLose) >= 0 ? throw new MlopsException("The connection broke.") { IsTransient = true } : result;
    }

    public Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default) => inner.OpenAsync(cancellationToken);

    public Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) => inner.FindAsync(ids, parts, cancellationToken);

    public Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) => inner.QueryAsync(query, cancellationToken);

    public Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) =>
        inner.CountAsync(kind, filter, workspace, atMost, cancellationToken);

    public Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default) => inner.LinksAsync(query, cancellationToken);

    public IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, CancellationToken cancellationToken = default) => inner.ReadPointsAsync(query, cancellationToken);

    public Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default) => inner.ReadEventsAsync(query, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
