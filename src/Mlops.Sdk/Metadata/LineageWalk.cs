using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Metadata;

/// <summary>One walk: breadth first, so that a cycle ends where it began, and what is near is kept when a bound is reached.</summary>
internal sealed class LineageWalk(IMetadataStore store, bool upstream, LineageBounds bounds)
{
    private const int Ids = 500;
    private const int Page = 1000;
    private readonly Dictionary<EntityId, LineageNode> nodes = [];
    private readonly HashSet<LineageEdge> edges = [];
    private readonly HashSet<EntityId> open = [];
    private bool full;

    /// <summary>Null when there is no such entity.</summary>
    public async Task<LineageGraph?> RunAsync(EntityId root, CancellationToken cancellationToken)
    {
        var level = await AddAsync([root], 0, cancellationToken).ConfigureAwait(false);
        for (var depth = 1; level.Count > 0 && !full && depth <= bounds.MaxDepth; depth++)
        {
            level = await ExpandAsync(level, depth, cancellationToken).ConfigureAwait(false);
        }

        open.UnionWith(level);
        return nodes.Count == 0 ? null : new(nodes.ContainsKey(root) ? root : nodes.Keys.First(), [.. nodes.Values], [.. edges], [.. open.Where(id => LineageRelations.Steps(id.Kind, upstream).Any())]);
    }

    private async Task<List<EntityId>> ExpandAsync(List<EntityId> level, int depth, CancellationToken cancellationToken)
    {
        List<EntityId> next = [];
        foreach (var kind in level.GroupBy(id => id.Kind))
        {
            foreach (var ids in kind.Chunk(Ids))
            {
                foreach (var (direction, relation) in LineageRelations.Steps(kind.Key, upstream))
                {
                    if (!full)
                    {
                        await FollowAsync(new(ids, direction) { Relation = relation, Limit = Page }, depth, next, cancellationToken).ConfigureAwait(false);
                    }
                }

                if (full)
                {
                    open.UnionWith(ids);
                }
            }
        }

        return next;
    }

    private async Task FollowAsync(LinkQuery query, int depth, List<EntityId> next, CancellationToken cancellationToken)
    {
        do
        {
            var page = await store.LinksAsync(query, cancellationToken).ConfigureAwait(false);
            var found = page.Items
                .Select(link => (Edge: LineageRelations.Edge(link), Other: query.Direction == LinkDirection.Out ? link.To : link.From))
                .Where(step => step.Edge is { } edge && step.Other == (upstream ? edge.From : edge.To))
                .ToList();
            next.AddRange(await AddAsync([.. found.Select(step => step.Other)], depth, cancellationToken).ConfigureAwait(false));
            foreach (var (edge, _) in found)
            {
                if (nodes.ContainsKey(edge!.From) && nodes.ContainsKey(edge.To))
                {
                    edges.Add(edge);
                }
            }

            query = query with { After = page.Next };
        }
        while (query.After is not null && !full);
    }

    /// <summary>Adds what is new and exists, and with it what has the same content, as far as there is room; says what was added.</summary>
    private async Task<List<EntityId>> AddAsync(IReadOnlyList<EntityId> ids, int depth, CancellationToken cancellationToken)
    {
        List<EntityId> added = [];
        var fresh = ids.SelectMany(id => Twin(id) is { } twin ? (EntityId[])[id, twin] : [id]).Where(id => !nodes.ContainsKey(id)).Distinct();
        foreach (var chunk in fresh.Chunk(Ids))
        {
            foreach (var entity in (await store.FindAsync(chunk, EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false)).OfType<Entity>())
            {
                if (nodes.Count == bounds.MaxNodes)
                {
                    full = true;
                    return added;
                }

                nodes.Add(entity.Id, LineageNodes.Read(entity) with { Depth = depth });
                added.Add(entity.Id);
                if (Twin(entity.Id) is { } twin && nodes.ContainsKey(twin))
                {
                    var (artifact, dataset) = twin.Kind == ArtifactEntity.Kind ? (twin, entity.Id) : (entity.Id, twin);
                    edges.Add(new(artifact, LineageEdge.SameContent, dataset));
                }
            }
        }

        return added;
    }

    private static EntityId? Twin(EntityId id) => id.Kind switch
    {
        ArtifactEntity.Kind => id with { Kind = TrackingEntities.DatasetKind },
        TrackingEntities.DatasetKind => id with { Kind = ArtifactEntity.Kind },
        _ => null,
    };
}
