using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Metadata;

/// <summary>Where the collector looks for names of artifacts. The store cannot list its workspaces and kinds, so they are those of the SDK, of the options and of every event.</summary>
internal sealed record GarbageScope(IReadOnlyCollection<string> Workspaces, IReadOnlyCollection<string> Kinds)
{
    /// <summary>Every kind that the SDK writes, other than artifacts and data sets, which name nothing but themselves.</summary>
    public static readonly IReadOnlyList<string> KnownKinds =
    [
        TrackingEntities.ExperimentKind, TrackingEntities.RunKind,
        PipelineSchema.Pipeline, PipelineSchema.Run, PipelineSchema.Call, PipelineSchema.Attempt, PipelineSchema.Result,
        RegistryEntities.ModelKind, RegistryEntities.VersionKind, RegistryEntities.AliasKind, RegistryEntities.ApprovalKind, RegistryEntities.RegistrationKind,
    ];

    /// <summary>The kinds that stand for content: alive while something that stays links to them.</summary>
    public static readonly IReadOnlyList<string> ContentKinds = [ArtifactEntity.Kind, TrackingEntities.DatasetKind];

    public static async Task<GarbageScope> ReadAsync(IMetadataStore store, string workspace, GarbageOptions options, CancellationToken cancellationToken)
    {
        HashSet<string> workspaces = [workspace, .. options.Workspaces];
        HashSet<string> kinds = [.. KnownKinds, .. options.Kinds];
        var query = new EventQuery { Limit = 1000 };
        IReadOnlyList<StoredEvent> events;
        do
        {
            events = (await store.ReadEventsAsync(query, cancellationToken).ConfigureAwait(false)).Items;
            workspaces.UnionWith(events.Select(e => e.Subject.Workspace));
            kinds.UnionWith(events.Select(e => e.Subject.Kind));
            query = query with { AfterPosition = events.Count == 0 ? 0 : events[^1].Position };
        }
        while (events.Count == query.Limit); // Else writers that do not rest would keep it reading for ever.

        kinds.ExceptWith(ContentKinds);
        return new(workspaces, kinds);
    }

    /// <summary>All entities of a kind in a workspace that match, page by page.</summary>
    public static async IAsyncEnumerable<Page<Entity>> PagesAsync(IMetadataStore store, EntityQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var page = await store.QueryAsync(query, cancellationToken).ConfigureAwait(false);
            yield return page;
            query = query with { After = page.Next };
        }
        while (query.After is not null);
    }

    /// <summary>All links that reach any of a few entities.</summary>
    public static async IAsyncEnumerable<Link> LinksInAsync(IMetadataStore store, IReadOnlyList<EntityId> ids, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new LinkQuery(ids, LinkDirection.In) { Limit = 1000 };
        do
        {
            var page = await store.LinksAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var link in page.Items)
            {
                yield return link;
            }

            query = query with { After = page.Next };
        }
        while (query.After is not null);
    }
}
