using System.Globalization;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>An honest store that the broken ones derive from.</summary>
internal class WrappedStore : IMetadataStore
{
    protected InMemoryMetadataStore Inner { get; } = new();

    public Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default) => Inner.OpenAsync(cancellationToken);

    public virtual Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default) => Inner.CommitAsync(changeset, cancellationToken);

    public Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) => Inner.FindAsync(ids, parts, cancellationToken);

    public virtual Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) => Inner.QueryAsync(query, cancellationToken);

    public virtual Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) =>
        Inner.CountAsync(kind, filter, workspace, atMost, cancellationToken);

    public Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default) => Inner.LinksAsync(query, cancellationToken);

    public virtual IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, CancellationToken cancellationToken = default) => Inner.ReadPointsAsync(query, cancellationToken);

    public virtual Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default) => Inner.ReadEventsAsync(query, cancellationToken);

    protected static Changeset With(Changeset changeset, Func<Change, Change> change) => changeset with { Changes = [.. changeset.Changes.Select(change)] };
}

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

/// <summary>Stores NaN as nothing, as a database does whose driver binds NaN as NULL.</summary>
internal sealed class DropsNaN : WrappedStore
{
    public override Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default) => Inner.CommitAsync(
        With(changeset, change => change switch
        {
            Change.Create c => c with { Attributes = Without(c.Attributes) },
            Change.Put c => c with { Attributes = Without(c.Attributes) },
            Change.Set { Value.Number: double.NaN } c => c with { Value = null },
            Change.Append c => c with { Points = [.. c.Points.Where(p => !double.IsNaN(p.Value))] },
            _ => change,
        }),
        cancellationToken);

    private static Dictionary<string, AttributeValue> Without(IReadOnlyDictionary<string, AttributeValue> attributes) => attributes.Where(a => a.Value.Number is not double.NaN).ToDictionary();
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

/// <summary>Now and then an event is not delivered, as by a reader who steps over transactions that commit late.</summary>
internal sealed class LosesEvents : WrappedStore
{
    public override async Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        var page = await Inner.ReadEventsAsync(query, cancellationToken);
        return page with { Items = [.. page.Items.Where(e => e.Position % 5 != 4)] };
    }
}

/// <summary>Begins every further page one row too late.</summary>
internal sealed class SkipsRows : WrappedStore
{
    public override async Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default)
    {
        var page = await Inner.QueryAsync(query, cancellationToken);
        return query.After is null ? page : page with { Items = [.. page.Items.Skip(1)] };
    }
}

/// <summary>Answers Not by the logic of SQL, where a comparison with nothing is neither true nor false.</summary>
internal sealed class ThreeValuedLogic : WrappedStore
{
    public override Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) =>
        Inner.QueryAsync(query with { Filter = Sql(query.Filter) }, cancellationToken);

    public override Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) =>
        Inner.CountAsync(kind, Sql(filter), workspace, atMost, cancellationToken);

    private static EntityFilter? Sql(EntityFilter? filter) => filter is EntityFilter.Not { Of: EntityFilter.Compare c } ? new EntityFilter.All([new EntityFilter.Present(c.Attribute), filter]) : filter;
}

/// <summary>Takes every appended point as the latest.</summary>
internal sealed class LatestIsLast : WrappedStore
{
    public override Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default) => Inner.CommitAsync(
        changeset is null ? null! : changeset with { Changes = [.. changeset.Changes.SelectMany(c => c is Change.Append { Points: [.., var last] } a && last.Key[0] != '@' && a.Owner.Kind[0] != '@' ? [a, new Change.Set(a.Owner, last.Key, last.Value)] : new[] { c })] },
        cancellationToken);
}
