using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Metadata;

/// <summary>Removes objects that nothing names, and after them the artifact entities that are left without bytes and without links.</summary>
internal sealed class GarbageSweep(IMetadataStore store, IPrunableArtifactStore artifacts, string actor, GarbageScope scope, GarbageMark mark, Func<EntityId, bool> isDoomed)
{
    private const int Slice = 100;

    public async Task<List<ArtifactRef>> SweepObjectsAsync(IReadOnlyList<PutArtifact> objects, DateTimeOffset notPutSince, bool dryRun, CancellationToken cancellationToken)
    {
        List<ArtifactRef> removed = [];
        foreach (var slice in objects.Where(o => o.LastPut < notPutSince && !mark.IsLive(o.Artifact.Digest)).Select(o => o.Artifact).Chunk(Slice))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Somebody may have committed a name for an old object since the entities were read: then what it names in turn is named too.
            var linked = await LinkedAsync([.. slice.SelectMany(artifact => scope.Workspaces.SelectMany(w => GarbageScope.ContentKinds.Select(kind => new EntityId(kind, artifact.Digest.ToString(), w))))], cancellationToken).ConfigureAwait(false);
            await mark.AddAsync(linked.Select(id => Digest.Parse(id.Key)), cancellationToken).ConfigureAwait(false);
            foreach (var artifact in slice.Where(artifact => !mark.IsLive(artifact.Digest)))
            {
                if (dryRun || await artifacts.PruneAsync(artifact.Digest, notPutSince, cancellationToken).ConfigureAwait(false))
                {
                    removed.Add(artifact);
                }
            }
        }

        return removed;
    }

    public async Task<List<EntityId>> SweepEntitiesAsync(IReadOnlyCollection<ArtifactRef> removed, bool dryRun, CancellationToken cancellationToken)
    {
        List<EntityId> gone = [];
        var digests = removed.Select(artifact => artifact.Digest.ToString()).ToHashSet();
        foreach (var slice in mark.Loose.Where(row => !Digest.TryParse(row.Id.Key, out var digest) || !mark.IsLive(digest)).Chunk(Slice))
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<(EntityId Id, long Revision)> empty = [];
            foreach (var row in slice)
            {
                // Bytes that are there were put again, or are younger than the grace: then a link may follow.
                if ((dryRun && digests.Contains(row.Id.Key)) || !Digest.TryParse(row.Id.Key, out var digest) || await artifacts.FindAsync(digest, cancellationToken).ConfigureAwait(false) is null)
                {
                    empty.Add(row);
                }
            }

            var linked = await LinkedAsync([.. empty.Select(row => row.Id)], cancellationToken).ConfigureAwait(false);
            empty.RemoveAll(row => linked.Contains(row.Id));
            if (empty.Count > 0 && !dryRun)
            {
                var result = await store.CommitAsync(new(MlopsId.New(), actor, [.. empty.Select(row => new Change.Delete(row.Id, row.Revision))]), cancellationToken).ConfigureAwait(false);
                empty = result.Committed ? empty : [];
            }

            gone.AddRange(empty.Select(row => row.Id));
        }

        return gone;
    }

    private async Task<HashSet<EntityId>> LinkedAsync(EntityId[] ids, CancellationToken cancellationToken)
    {
        HashSet<EntityId> linked = [];
        await foreach (var link in GarbageScope.LinksInAsync(store, ids, cancellationToken).ConfigureAwait(false))
        {
            if (!isDoomed(link.From))
            {
                linked.Add(link.To);
            }
        }

        return linked;
    }
}
