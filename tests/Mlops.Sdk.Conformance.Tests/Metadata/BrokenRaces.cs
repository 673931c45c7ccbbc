using System.Collections.Concurrent;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>Compares the revision first and writes afterwards: right for one writer, and for two an update is lost.</summary>
internal sealed class LosesConcurrentUpdates : WrappedStore
{
    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var first = await Inner.CommitAsync(changeset is null ? null! : new(changeset.Id == Guid.Empty ? Guid.Empty : MlopsId.New(), changeset.Actor, [.. changeset.Changes, new Change.Touch(new("thing", "no such entity"))]), cancellationToken);
        if (first.Conflicts.Count > 1 || !changeset!.Changes.Any(c => c is Change.Put))
        {
            return await Inner.CommitAsync(changeset!, cancellationToken);
        }

        while (true)
        {
            await Task.Delay(1, cancellationToken);
            var result = await Inner.CommitAsync(changeset, cancellationToken);
            if (!result.Conflicts.Any(c => c.Kind == ConflictKind.Revision && changeset.Changes[c.Change] is Change.Put))
            {
                return result;
            }

            var revisions = result.Conflicts.ToDictionary(c => c.Change, c => c.ActualRevision!.Value);
            changeset = changeset with { Changes = [.. changeset.Changes.Select((c, i) => c is Change.Put put && revisions.TryGetValue(i, out var actual) ? put with { Revision = actual } : c)] };
        }
    }
}

/// <summary>Looks at the guards first and writes afterwards, as a transaction does that locks nothing but what it writes.</summary>
internal sealed class ChecksGuardsBeforehand : WrappedStore
{
    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var guards = changeset?.Changes.TakeWhile(c => c is Change.Require).ToList() ?? [];
        if (guards.Count == 0 || guards.Count == changeset!.Changes.Count || changeset.Changes.Any(c => c is Change.CreateNumbered))
        {
            return await Inner.CommitAsync(changeset!, cancellationToken);
        }

        var checkedFirst = await Inner.CommitAsync(changeset with { Id = MlopsId.New(), Changes = guards }, cancellationToken);
        if (!checkedFirst.Committed)
        {
            return checkedFirst;
        }

        await Task.Delay(1, cancellationToken);
        var result = await Inner.CommitAsync(changeset with { Changes = [.. changeset.Changes.Skip(guards.Count)] }, cancellationToken);
        return result with { Conflicts = [.. result.Conflicts.Select(c => c with { Change = c.Change + guards.Count })] };
    }
}

/// <summary>Lets the caller see that two transactions waited for each other.</summary>
internal sealed class ShowsDeadlocks : WrappedStore
{
    private readonly ConcurrentDictionary<Guid, EntityId[]> running = new();

    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var ids = changeset?.Changes.OfType<Change.Set>().Select(c => c.Id).ToArray() ?? [];
        if (ids.Length < 2 || !running.TryAdd(changeset!.Id, ids))
        {
            return await Inner.CommitAsync(changeset!, cancellationToken);
        }

        try
        {
            await Task.Delay(1, cancellationToken);
            return running.Values.Any(other => other[0] == ids[^1] && other[^1] == ids[0])
                ? throw new MlopsException("Deadlock detected.") { Store = "broken", Operation = "commit", IsTransient = true }
                : await Inner.CommitAsync(changeset, cancellationToken);
        }
        finally
        {
            running.TryRemove(changeset.Id, out _);
        }
    }
}

/// <summary>Keeps what it read, and forgets it only when it writes itself.</summary>
internal sealed class CachesEntities : WrappedStore
{
    private ConcurrentDictionary<(EntityId, EntityParts), Entity?> cache = new();

    public override WrappedStore Share(TimeProvider clock)
    {
        var other = (CachesEntities)base.Share(clock);
        other.cache = new();
        return other;
    }

    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var result = await Inner.CommitAsync(changeset, cancellationToken);
        cache.Clear();
        return result;
    }

    public override async Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default)
    {
        var found = await Inner.FindAsync(ids, parts, cancellationToken);
        return [.. ids.Select((id, i) => cache.GetOrAdd((id, parts), found[i]))];
    }
}

/// <summary>Reads one entity after the other, each in a snapshot of its own.</summary>
internal sealed class ReadsOneByOne : WrappedStore
{
    public override async Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var found = new List<Entity?>();
        foreach (var id in ids)
        {
            found.AddRange(await Inner.FindAsync([id], parts, cancellationToken));
            await (found.Count == 1 ? Task.Delay(1, cancellationToken) : Task.CompletedTask);
        }

        return found;
    }
}

/// <summary>Stamps everything with the clock of whoever commits.</summary>
internal sealed class TimesFromClient : WrappedStore
{
    private readonly ConcurrentDictionary<DateTimeOffset, DateTimeOffset> given = new();

    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        // The guard is asked in the times that the caller knows.
        var result = await Inner.CommitAsync(
            With(changeset, c => c is Change.Require { UnmodifiedSince: { } since } r ? r with { UnmodifiedSince = given.Where(g => g.Value <= since).Select(g => g.Key).DefaultIfEmpty().Max() } : c),
            cancellationToken);
        var at = Clock.GetUtcNow();
        return result with { At = given.GetOrAdd(result.At, at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond))) };
    }

    public override async Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) =>
        [.. (await Inner.FindAsync(ids, parts, cancellationToken)).Select(e => e is null ? null : Shown(e))];

    public override async Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default)
    {
        var page = await Inner.QueryAsync(query, cancellationToken);
        return page with { Items = [.. page.Items.Select(Shown)], AsOf = Clock.GetUtcNow() };
    }

    public override async Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        var page = await Inner.ReadEventsAsync(query, cancellationToken);
        return page with { Items = [.. page.Items.Select(e => e with { At = given.GetValueOrDefault(e.At, e.At) })] };
    }

    private Entity Shown(Entity e) => e with { Created = given.GetValueOrDefault(e.Created, e.Created), Modified = given.GetValueOrDefault(e.Modified, e.Modified), AsOf = Clock.GetUtcNow() };
}
