using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Metadata;

/// <summary>The runs and versions that were deleted long enough ago and that nothing which stays links to.</summary>
internal sealed class GarbageRows(IMetadataStore store, string actor, GarbageScope scope, TimeSpan retention)
{
    private const int Slice = 100;
    private readonly Dictionary<EntityId, Entity> doomed = [];
    private readonly Dictionary<EntityId, EntityId> belongings = [];

    /// <summary>Whether an entity goes, or went.</summary>
    public bool IsDoomed(EntityId id) => doomed.ContainsKey(id) || belongings.ContainsKey(id);

    /// <summary>Everything that goes, or went.</summary>
    public IEnumerable<EntityId> Ids => doomed.Keys.Concat(belongings.Keys);

    public async Task FindAsync(CancellationToken cancellationToken)
    {
        foreach (var workspace in scope.Workspaces)
        {
            // Whatever the host's clock says: a restore is guarded by the store's.
            var now = (await store.QueryAsync(new(RegistryEntities.VersionKind) { Workspace = workspace, Limit = 1, Parts = EntityParts.None }, cancellationToken).ConfigureAwait(false)).AsOf;
            var before = (now - retention).ToUnixTimeMilliseconds();
            await AddAsync(new(RegistryEntities.VersionKind) { Workspace = workspace, Filter = new EntityFilter.All([new EntityFilter.Present(RegistryEntities.Deleted), new EntityFilter.Compare("@modified", Comparison.LessOrEqual, before)]) }, cancellationToken).ConfigureAwait(false);
            await AddAsync(new(TrackingEntities.RunKind) { Workspace = workspace, Filter = new EntityFilter.Compare(TrackingEntities.Deleted, Comparison.LessOrEqual, before) }, cancellationToken).ConfigureAwait(false);
        }

        await SpareLinkedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes them, versions before the runs that made them. Whatever was restored in the meantime stays, with all that it links to.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await RemoveAsync(RegistryEntities.VersionKind, cancellationToken).ConfigureAwait(false);
        await SpareLinkedAsync(cancellationToken).ConfigureAwait(false);
        await RemoveAsync(TrackingEntities.RunKind, cancellationToken).ConfigureAwait(false);
    }

    private async Task AddAsync(EntityQuery query, CancellationToken cancellationToken)
    {
        await foreach (var page in GarbageScope.PagesAsync(store, query with { Limit = 500, Parts = EntityParts.None }, cancellationToken).ConfigureAwait(false))
        {
            foreach (var entity in page.Items)
            {
                doomed[entity.Id] = entity;
            }

            // The idempotency keys and the approval of a version go with it; a key without its version would make the next registration fail.
            var approvals = page.Items.Where(entity => entity.Id.Kind == RegistryEntities.VersionKind).Select(entity => entity.Id with { Kind = RegistryEntities.ApprovalKind });
            foreach (var approval in (await store.FindAsync([.. approvals], EntityParts.None, cancellationToken).ConfigureAwait(false)).OfType<Entity>())
            {
                belongings[approval.Id] = approval.Id with { Kind = RegistryEntities.VersionKind };
            }
        }
    }

    /// <summary>Takes out what something that stays links to, and then what that links to.</summary>
    private async Task SpareLinkedAsync(CancellationToken cancellationToken)
    {
        List<Link> links = [];
        foreach (var ids in doomed.Keys.Chunk(500).ToList())
        {
            await foreach (var link in GarbageScope.LinksInAsync(store, ids, cancellationToken).ConfigureAwait(false))
            {
                if (link.From.Kind == RegistryEntities.RegistrationKind)
                {
                    belongings[link.From] = link.To;
                }
                else
                {
                    links.Add(link);
                }
            }
        }

        while (links.Where(link => doomed.ContainsKey(link.To) && !doomed.ContainsKey(link.From)).Select(link => link.To).ToList() is { Count: > 0 } spared)
        {
            spared.ForEach(id => doomed.Remove(id));
        }

        foreach (var id in belongings.Where(pair => !doomed.ContainsKey(pair.Value)).Select(pair => pair.Key).ToList())
        {
            belongings.Remove(id);
        }
    }

    private async Task RemoveAsync(string kind, CancellationToken cancellationToken)
    {
        var ofOwner = belongings.ToLookup(pair => pair.Value, pair => pair.Key);
        foreach (var slice in doomed.Values.Where(entity => entity.Id.Kind == kind).Chunk(Slice))
        {
            var rest = slice;
            while (rest.Length > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var extras = (await store.FindAsync([.. rest.SelectMany(entity => ofOwner[entity.Id])], EntityParts.None, cancellationToken).ConfigureAwait(false)).OfType<Entity>();
                Change[] changes =
                [
                    .. rest.SelectMany(entity => (Change[])[
                        new Change.Require(entity.Id) { UnmodifiedSince = entity.Modified },
                        new Change.Note(entity.Id, "gc.removed"),
                        new Change.Delete(entity.Id, entity.Revision)]),
                    .. extras.Select(extra => new Change.Delete(extra.Id, extra.Revision)),
                ];
                var result = await store.CommitAsync(new(MlopsId.New(), actor, changes), cancellationToken).ConfigureAwait(false);
                if (result.Committed)
                {
                    break;
                }

                // Restored, changed or removed by somebody else just now: these stay for the next time.
                var changed = result.Conflicts.Select(conflict => belongings.TryGetValue(conflict.Id, out var owner) ? owner : conflict.Id).ToHashSet();
                rest = [.. rest.Where(entity => !changed.Contains(entity.Id))];
                foreach (var id in changed)
                {
                    doomed.Remove(id);
                    foreach (var extra in ofOwner[id])
                    {
                        belongings.Remove(extra);
                    }
                }
            }
        }
    }
}
