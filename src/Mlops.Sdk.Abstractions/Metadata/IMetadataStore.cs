namespace Mlops.Sdk.Metadata;

/// <summary>
/// The metadata spine: entities with attributes, links, metric points and events. The one interface that a storage vendor implements; every capability works on it.
/// Every member is thread-safe. A token that is cancelled before the commit point leaves no trace.
/// What a commit did is seen by every read that begins after it returned, events too, through any instance on the same data.
/// All times are the store's clock, in microseconds. It strictly grows from commit to commit, whichever instance commits: a clock that is set back stands still until time has passed it, but for one microsecond a commit.
/// An id or a name that breaks <see cref="MetadataLimits"/> is refused when it is written; when it is only looked for, nothing is found (<see cref="MetadataLimits.CanExist(EntityId)"/>).
/// </summary>
/// <remarks>A store that cannot commit a changeset atomically is not a metadata store. The suite <c>MetadataStoreConformance</c> of Mlops.Sdk.Conformance is the contract in executable form.</remarks>
public interface IMetadataStore
{
    /// <summary>Creates the store, or migrates it forward in one transaction. Idempotent and safe to call from several processes at once.</summary>
    /// <exception cref="MlopsException">The store was written by a newer version, or cannot be reached.</exception>
    Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Applies all changes or none. A conflict is a value, never an exception, and so is losing a race against other writers.
    /// The id of a committed changeset returns the first result again; a changeset that ended in a conflict is not remembered, so the same id is evaluated anew.</summary>
    /// <exception cref="ArgumentException">A name, key or body breaks the limits in <see cref="MetadataLimits"/>, or a changeset is malformed.</exception>
    Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default);

    /// <summary>Reads entities by id, in the order asked for; null where there is none. All are read in one snapshot.</summary>
    Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default);

    /// <summary>One page of the entities of a kind that match. Paging is exact under concurrent inserts for rows whose ordering value stands still.</summary>
    /// <exception cref="ArgumentException">The page token was changed, or is not one of this query's; or the filter breaks the limits in <see cref="MetadataLimits"/>.</exception>
    Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default);

    /// <summary>Counts matching entities, but stops counting at <paramref name="atMost"/>.</summary>
    Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default);

    /// <summary>One page of the links that leave or reach any of a set of entities: one hop of a graph walk.</summary>
    /// <exception cref="ArgumentException">The page token was changed, or is not one of this query's.</exception>
    Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default);

    /// <summary>Streams the points of one metric of one entity in the order (step, timestamp, value).</summary>
    IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// One page of events in commit order: the audit trail and the change feed. Delivered at least once and never out of order. When there is none after the position,
    /// waits up to <see cref="EventQuery.Wait"/>. <see cref="Page{T}.Next"/> is always null here: continue after the position of the last event.
    /// </summary>
    Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default);
}
