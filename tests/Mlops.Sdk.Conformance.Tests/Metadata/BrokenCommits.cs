using System.Globalization;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>Reads the greatest number and adds 1, as a program without a sequence does.</summary>
internal sealed class NumbersByMaximum : WrappedStore
{
    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(changeset, 100_000);
        var taken = new Dictionary<(string, EntityId), long>();
        var named = new Dictionary<EntityId, EntityId>();
        var changes = new List<Change>();
        foreach (var (i, change) in changeset.Changes.Index())
        {
            if (change is Change.CreateNumbered c)
            {
                var query = new EntityQuery(c.Kind) { Workspace = c.Scope.Workspace, Filter = new EntityFilter.Compare("@key", Comparison.Like, c.Scope.Key + "/%"), Order = [new("number", true)], Parts = EntityParts.Attributes };
                var last = (await Inner.QueryAsync(query, cancellationToken)).Items.Select(e => (long)e.Attributes!["number"].Number!.Value).FirstOrDefault();
                await Task.Yield();
                var number = Math.Max(last, taken.GetValueOrDefault((c.Kind, c.Scope))) + 1;
                taken[(c.Kind, c.Scope)] = number;
                var id = new EntityId(c.Kind, string.Create(CultureInfo.InvariantCulture, $"{c.Scope.Key}/{number}"), c.Scope.Workspace);
                named[EntityId.CreatedBy(i)] = id;
                changes.Add(new Change.Create(id, c.Body) { Attributes = new Dictionary<string, AttributeValue>(c.Attributes) { ["number"] = number } });
            }
            else
            {
                changes.Add(change switch
                {
                    Change.Set s => s with { Id = named.GetValueOrDefault(s.Id, s.Id) },
                    Change.Note n => n with { Subject = named.GetValueOrDefault(n.Subject, n.Subject) },
                    _ => change,
                });
            }
        }

        return await Inner.CommitAsync(changeset with { Changes = changes }, cancellationToken);
    }
}

/// <summary>Overwrites whatever revision it finds.</summary>
internal sealed class IgnoresRevisions : WrappedStore
{
    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var result = await Inner.CommitAsync(changeset, cancellationToken);
            if (!result.Conflicts.Any(c => c.Kind == ConflictKind.Revision && changeset.Changes[c.Change] is Change.Put))
            {
                return result;
            }

            var revisions = result.Conflicts.Where(c => c.Kind == ConflictKind.Revision).ToDictionary(c => c.Change, c => c.ActualRevision!.Value);
            changeset = changeset with { Changes = [.. changeset.Changes.Select((c, i) => c is Change.Put put && revisions.TryGetValue(i, out var actual) ? put with { Revision = actual } : c)] };
        }
    }
}

/// <summary>Commits change by change.</summary>
internal sealed class CommitsInPieces : WrappedStore
{
    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        if (changeset.Changes.Any(c => c is Change.CreateNumbered))
        {
            return await Inner.CommitAsync(changeset, cancellationToken);
        }

        MetadataLimits.Validate(changeset, 100_000);
        CommitResult? last = null;
        var created = new List<EntityId>();
        foreach (var (i, change) in changeset.Changes.Index())
        {
            last = await Inner.CommitAsync(new(MlopsId.New(), changeset.Actor, [change]), cancellationToken);
            created.AddRange(last.Created);
            if (!last.Committed)
            {
                return last with { Conflicts = [last.Conflicts[0] with { Change = i }] };
            }
        }

        return last! with { Created = created };
    }
}

/// <summary>Does not know a changeset that it has seen.</summary>
internal sealed class ForgetsChangesets : WrappedStore
{
    public override Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default) =>
        Inner.CommitAsync(changeset?.Id == Guid.Empty ? changeset : changeset! with { Id = MlopsId.New() }, cancellationToken);
}

/// <summary>Takes every appended point as the latest.</summary>
internal sealed class LatestIsLast : WrappedStore
{
    public override Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default) => Inner.CommitAsync(
        changeset is null ? null! : changeset with { Changes = [.. changeset.Changes.SelectMany(c => c is Change.Append { Points: [.., var last] } a && last.Key[0] != '@' && a.Owner.Kind[0] != '@' ? [a, new Change.Set(a.Owner, last.Key, last.Value)] : new[] { c })] },
        cancellationToken);
}

/// <summary>Remembers a conflict as it remembers a commit.</summary>
internal sealed class RemembersConflicts : WrappedStore
{
    private readonly Dictionary<Guid, CommitResult> refused = [];

    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        lock (refused)
        {
            if (changeset is not null && refused.TryGetValue(changeset.Id, out var before))
            {
                return before;
            }
        }

        var result = await Inner.CommitAsync(changeset!, cancellationToken);
        lock (refused)
        {
            return result.Committed ? result : refused[changeset!.Id] = result;
        }
    }
}

/// <summary>Knows a changeset by what it holds, not by its id.</summary>
internal sealed class KnowsChangesetsByContent : WrappedStore
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, string> content = new();

    public override Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var other = changeset is not null && changeset.Id != Guid.Empty && content.GetOrAdd(changeset.Id, string.Join(";", changeset.Changes)) != string.Join(";", changeset.Changes);
        return Inner.CommitAsync(other ? changeset! with { Id = MlopsId.New() } : changeset!, cancellationToken);
    }
}

/// <summary>Numbers from a sequence of the database, which a rollback does not give back.</summary>
internal sealed class NumbersFromSequence : WrappedStore
{
    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var result = await Inner.CommitAsync(changeset, cancellationToken);
        foreach (var lost in result.Committed ? [] : changeset.Changes.OfType<Change.CreateNumbered>())
        {
            await Inner.CommitAsync(new(MlopsId.New(), "sequence", [lost with { Attributes = new Dictionary<string, AttributeValue>() }, new Change.Delete(EntityId.CreatedBy(0), 1)]), cancellationToken);
        }

        return result;
    }
}

/// <summary>Throws where it should answer.</summary>
internal sealed class ThrowsConflicts : WrappedStore
{
    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var result = await Inner.CommitAsync(changeset, cancellationToken);
        return result.Committed ? result : throw new MlopsException($"Conflict: {result.Conflicts[0]}");
    }
}

/// <summary>Does more than it was asked to after a change.</summary>
internal abstract class DoesMore : WrappedStore
{
    public override async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var result = await Inner.CommitAsync(changeset, cancellationToken);
        foreach (var change in result.Committed ? changeset.Changes : [])
        {
            if (await AfterAsync(change) is { } more)
            {
                await Inner.CommitAsync(new(MlopsId.New(), changeset.Actor, [more]), cancellationToken);
            }
        }

        return result;
    }

    protected abstract Task<Change?> AfterAsync(Change change);
}

/// <summary>Counts an appended point as a revision, so that whoever logs makes every other update conflict.</summary>
internal sealed class AppendRaisesRevision : DoesMore
{
    protected override async Task<Change?> AfterAsync(Change change) =>
        change is Change.Append a && (await Inner.FindAsync([a.Owner]))[0] is { } entity ? new Change.Put(a.Owner, entity.Revision, entity.Body) : null;
}

/// <summary>Counts an appended point as a modification, so that a run that only logs looks alive.</summary>
internal sealed class AppendTouches : DoesMore
{
    protected override Task<Change?> AfterAsync(Change change) => Task.FromResult<Change?>(change is Change.Append a && a.Owner.Kind[0] != '@' ? new Change.Touch(a.Owner) : null);
}

/// <summary>Counts setting the same value again as a modification.</summary>
internal sealed class SetOnceTouches : DoesMore
{
    protected override Task<Change?> AfterAsync(Change change) => Task.FromResult<Change?>(change is Change.SetOnce s && s.Id.Kind[0] != '@' ? new Change.Touch(s.Id) : null);
}
