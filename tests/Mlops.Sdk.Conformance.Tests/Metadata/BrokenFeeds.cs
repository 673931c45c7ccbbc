using System.Collections.Concurrent;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>Now and then an event is not delivered, as by a reader who steps over transactions that commit late.</summary>
internal sealed class LosesEvents : WrappedStore
{
    public override async Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        var page = await Inner.ReadEventsAsync(query, cancellationToken);
        return page with { Items = [.. page.Items.Where(e => e.Position % 5 != 4)] };
    }
}

/// <summary>
/// Gives positions when changes are written and shows them when they are committed, in whatever order that happens, as an identity column does: whoever has read a greater position never sees the smaller one.
/// </summary>
internal sealed class LosesLateCommits : WrappedStore, IDisposable
{
    private readonly ConcurrentDictionary<long, bool> pending = new();
    private readonly SemaphoreSlim order = new(1, 1);

    public void Dispose() => order.Dispose();

    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        CommitResult result;
        long first, last;
        await order.WaitAsync(cancellationToken);
        try
        {
            // Nobody may look between the commit inside and the note that it is still to come outside.
            result = await Inner.CommitAsync(changeset, cancellationToken);
            (first, last) = (result.Position - changeset.Changes.Count(c => c is Change.Note) + 1, result.Position);
            for (var position = first; position <= last; position++)
            {
                pending[position] = true;
            }
        }
        finally
        {
            order.Release();
        }

        // The longer it writes, the later it commits.
        await Task.Delay(changeset.Changes.Count > 2 ? 30 : 0, CancellationToken.None);
        for (var position = first; position <= last; position++)
        {
            pending.TryRemove(position, out _);
        }

        return result;
    }

    public override async Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        await order.WaitAsync(cancellationToken);
        try
        {
            var page = await Inner.ReadEventsAsync(query with { Wait = TimeSpan.Zero }, cancellationToken);
            return page with { Items = [.. page.Items.Where(e => !pending.ContainsKey(e.Position))] };
        }
        finally
        {
            order.Release();
        }
    }
}

/// <summary>Gives all events of a changeset one position, so that a page that ends within it loses the rest.</summary>
internal sealed class OnePositionACommit : WrappedStore
{
    public override async Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        var page = await Inner.ReadEventsAsync(query, cancellationToken);
        return page with { Items = [.. page.Items.Select(e => e with { Position = page.Items.Where(o => o.At == e.At).Max(o => o.Position) })] };
    }
}

/// <summary>Never waits.</summary>
internal sealed class WakesNobody : WrappedStore
{
    public override Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default) => Inner.ReadEventsAsync(query is null ? null! : query with { Wait = TimeSpan.Zero }, cancellationToken);
}

/// <summary>Takes the events of a deleted entity along.</summary>
internal sealed class DeletesEvents : WrappedStore
{
    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var result = await Inner.CommitAsync(changeset, cancellationToken);
        foreach (var change in result.Committed ? changeset.Changes.OfType<Change.Delete>() : [])
        {
            deleted[change.Id] = result.Position;
        }

        return result;
    }

    public override async Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        var page = await Inner.ReadEventsAsync(query, cancellationToken);
        return page with { Items = [.. page.Items.Where(e => !(deleted.TryGetValue(e.Subject, out var until) && e.Position < until))] };
    }

    private readonly ConcurrentDictionary<EntityId, long> deleted = new();
}

/// <summary>Leaves the links of a deleted entity behind.</summary>
internal sealed class KeepsLinks : WrappedStore
{
    private readonly ConcurrentBag<Link> ghosts = [];

    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var before = new List<Link>();
        foreach (var id in changeset?.Changes.OfType<Change.Delete>().Select(d => d.Id) ?? [])
        {
            before.AddRange((await Inner.LinksAsync(new([id], LinkDirection.Out), cancellationToken)).Items);
            before.AddRange((await Inner.LinksAsync(new([id], LinkDirection.In), cancellationToken)).Items);
        }

        var result = await Inner.CommitAsync(changeset!, cancellationToken);
        before.ForEach(link => { if (result.Committed) { ghosts.Add(link); } });
        return result;
    }

    public override async Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default)
    {
        var page = await Inner.LinksAsync(query, cancellationToken);
        return page with { Items = [.. page.Items, .. ghosts.Where(l => query.Ids.Contains(query.Direction == LinkDirection.Out ? l.From : l.To))] };
    }
}
