using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>An honest store that the broken ones derive from. Its copies share its data, as instances on several hosts do.</summary>
internal class WrappedStore : IMetadataStore
{
    protected InMemoryMetadataStore Inner { get; } = new();

    protected TimeProvider Clock { get; private set; } = TimeProvider.System;

    /// <summary>Another instance on the same data.</summary>
    public virtual WrappedStore Share(TimeProvider clock)
    {
        var other = (WrappedStore)MemberwiseClone();
        other.Clock = clock;
        return other;
    }

    public Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default) => Inner.OpenAsync(cancellationToken);

    public virtual Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default) => Inner.CommitAsync(changeset, cancellationToken);

    public virtual Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) => Inner.FindAsync(ids, parts, cancellationToken);

    public virtual Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) => Inner.QueryAsync(query, cancellationToken);

    public virtual Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) =>
        Inner.CountAsync(kind, filter, workspace, atMost, cancellationToken);

    public virtual Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default) => Inner.LinksAsync(query, cancellationToken);

    public virtual IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, CancellationToken cancellationToken = default) => Inner.ReadPointsAsync(query, cancellationToken);

    public virtual Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default) => Inner.ReadEventsAsync(query, cancellationToken);

    protected static Changeset With(Changeset changeset, Func<Change, Change> change) => changeset is null ? null! : changeset with { Changes = [.. changeset.Changes.Select(change)] };
}

/// <summary>Writes every value in its own way.</summary>
internal abstract class ChangedValues : WrappedStore
{
    public override Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default) => Inner.CommitAsync(
        With(changeset, change => change switch
        {
            Change.Create c => c with { Attributes = All(c.Attributes) },
            Change.CreateNumbered c => c with { Attributes = All(c.Attributes) },
            Change.Put c => c with { Attributes = All(c.Attributes) },
            Change.Set { Value: { } value } c => c with { Value = Value(value) },
            Change.Append c => c with { Points = [.. c.Points.Select(Point).OfType<MetricPoint>()] },
            _ => change,
        }),
        cancellationToken);

    /// <summary>The stored value; null when nothing is stored.</summary>
    protected virtual AttributeValue? Value(AttributeValue value) => value;

    protected virtual MetricPoint? Point(MetricPoint point) => point;

    private Dictionary<string, AttributeValue> All(IReadOnlyDictionary<string, AttributeValue> attributes) =>
        attributes.Where(a => Value(a.Value) is not null).ToDictionary(a => a.Key, a => Value(a.Value)!.Value);
}

/// <summary>Asks for something else than was asked for.</summary>
internal abstract class ChangedFilters : WrappedStore
{
    public override Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) =>
        Inner.QueryAsync(query with { Filter = Change(query.Filter) }, cancellationToken);

    public override Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) =>
        Inner.CountAsync(kind, Change(filter), workspace, atMost, cancellationToken);

    protected abstract EntityFilter One(EntityFilter filter);

    private EntityFilter? Change(EntityFilter? filter) => filter switch
    {
        EntityFilter.All f => new EntityFilter.All([.. f.Of.Select(x => Change(x)!)]),
        EntityFilter.Any f => new EntityFilter.Any([.. f.Of.Select(x => Change(x)!)]),
        EntityFilter.Not f => One(new EntityFilter.Not(Change(f.Of)!)),
        EntityFilter.Linked f => f with { Of = Change(f.Of)! },
        null => null,
        _ => One(filter),
    };
}
