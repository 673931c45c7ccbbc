using System.Collections.Concurrent;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Pipelines;

/// <summary>Links attempts to artifacts, each of which is one entity named by its digest, made by whoever comes first.</summary>
internal sealed class ArtifactEntities(IMetadataStore store)
{
    private const int MaxKnown = 100_000;
    private readonly ConcurrentDictionary<EntityId, bool> known = new();

    /// <summary>Adds the links, and the artifacts that are not there yet.</summary>
    public async Task ConnectAsync(List<Change> changes, EntityId attempt, string relation, IReadOnlyList<ArtifactRef> refs, string workspace, CancellationToken cancellationToken)
    {
        if (refs.Count == 0)
        {
            return;
        }

        var wanted = refs.DistinctBy(r => r.Digest).Select(r => (Ref: r, Id: ArtifactEntity.Id(r.Digest, workspace))).ToList();
        var unknown = wanted.Where(w => !known.ContainsKey(w.Id)).ToList();
        if (unknown.Count > 0)
        {
            var found = await store.FindAsync([.. unknown.Select(w => w.Id)], EntityParts.None, cancellationToken).ConfigureAwait(false);
            foreach (var ((artifact, id), entity) in unknown.Zip(found))
            {
                if (entity is null)
                {
                    changes.Add(new Change.Create(id, ArtifactEntity.Body(artifact)));
                }
            }
        }

        changes.AddRange(wanted.Select(w => new Change.Connect(new(attempt, relation, w.Id))));
    }

    /// <summary>Remembers what a commit, or a conflict, said about artifacts.</summary>
    public void Learn(List<Change> changes, CommitResult result)
    {
        if (known.Count > MaxKnown)
        {
            known.Clear();
        }

        if (result.Committed)
        {
            foreach (var link in changes.OfType<Change.Connect>().Select(c => c.Link).Where(l => l.To.Kind == ArtifactEntity.Kind))
            {
                known[link.To] = true;
            }
        }
        else
        {
            foreach (var conflict in result.Conflicts.Where(c => c.Id.Kind == ArtifactEntity.Kind))
            {
                known.TryRemove(conflict.Id, out _);
            }
        }
    }
}
