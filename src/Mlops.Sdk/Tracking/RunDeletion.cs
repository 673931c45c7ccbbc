using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Tracking.TrackingEntities;

namespace Mlops.Sdk.Tracking;

/// <summary>
/// Hides runs and brings them back. Goes down from the run level by level, so that below a deleted run nothing new can start; when it is interrupted, the same call again finishes it.
/// </summary>
internal sealed class RunDeletion(IMetadataStore store, IActorAccessor actors, IOptions<MlopsOptions> options)
{
    private const int Slice = 250;
    private readonly string workspace = options.Value.Workspace;

    public async Task DeleteAsync(string runId, CancellationToken cancellationToken)
    {
        var root = await GetAsync(runId, cancellationToken).ConfigureAwait(false);
        if (DeletedBy(root) is { } other && other != runId)
        {
            return;
        }

        List<Entity> level = [root];
        while (level.Count > 0)
        {
            foreach (var slice in level.Where(run => DeletedBy(run) is null).Chunk(Slice))
            {
                await HideAsync(slice, runId, cancellationToken).ConfigureAwait(false);
            }

            level = await ChildrenAsync(level, child => (DeletedBy(child) ?? runId) == runId, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task RestoreAsync(string runId, CancellationToken cancellationToken)
    {
        var root = await GetAsync(runId, cancellationToken).ConfigureAwait(false);
        var with = DeletedBy(root) ?? runId;
        if (DeletedBy(root) is not null)
        {
            await ShowRootAsync(root, cancellationToken).ConfigureAwait(false);
        }

        List<Entity> level = [root];
        while (level.Count > 0)
        {
            // Those that are shown already lead to others when an earlier call was interrupted.
            level = await ChildrenAsync(level, child => (DeletedBy(child) ?? with) == with, cancellationToken).ConfigureAwait(false);
            foreach (var slice in level.Where(run => DeletedBy(run) is not null).Chunk(Slice))
            {
                await store.CommitAsync(new(MlopsId.New(), actors.Actor, [.. slice.SelectMany(run => Show(run.Id))]), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task HideAsync(Entity[] runs, string with, CancellationToken cancellationToken)
    {
        while (runs.Length > 0)
        {
            List<Change> changes = [.. runs.Select(run => new Change.Require(run.Id) { Attribute = Deleted })];
            foreach (var run in runs)
            {
                changes.Add(new Change.Set(run.Id, Deleted, run.AsOf.ToUnixTimeMilliseconds()));
                changes.Add(new Change.Set(run.Id, DeletedWith, with));
                if (run.Id.Key == with)
                {
                    changes.Add(new Change.Note(run.Id, RunDeleted));
                }
            }

            var result = await store.CommitAsync(new(MlopsId.New(), actors.Actor, changes), cancellationToken).ConfigureAwait(false);
            if (result.Committed)
            {
                return;
            }

            // Somebody else deleted these just now; the others still wait.
            var gone = result.Conflicts.Select(conflict => conflict.Id).ToHashSet();
            runs = [.. runs.Where(run => !gone.Contains(run.Id))];
        }
    }

    private async Task ShowRootAsync(Entity root, CancellationToken cancellationToken)
    {
        List<Change> changes = [.. Show(root.Id), new Change.Note(root.Id, RunRestored)];
        if (root.Attributes!.TryGetValue(Parent, out var parentId))
        {
            var parent = RunId(workspace, parentId.Text!);
            if ((await store.FindAsync([parent], EntityParts.None, cancellationToken).ConfigureAwait(false))[0] is not null)
            {
                changes.Insert(0, new Change.Require(parent) { Attribute = Deleted });
            }
        }

        var result = await store.CommitAsync(new(MlopsId.New(), actors.Actor, changes), cancellationToken).ConfigureAwait(false);
        foreach (var conflict in result.Conflicts)
        {
            throw conflict.Id == root.Id ? NotFound(root.Id.Key) : new ConflictException($"Run '{root.Id.Key}' cannot be restored while its parent '{conflict.Id.Key}' is deleted. Restore that first.");
        }
    }

    private async Task<List<Entity>> ChildrenAsync(List<Entity> level, Func<Entity, bool> wanted, CancellationToken cancellationToken)
    {
        var children = new List<Entity>();
        foreach (var parents in level.Chunk(Slice))
        {
            var query = new LinkQuery([.. parents.Select(parent => parent.Id)], LinkDirection.In) { Relation = ToParent };
            do
            {
                var page = await store.LinksAsync(query, cancellationToken).ConfigureAwait(false);
                var found = await store.FindAsync([.. page.Items.Select(link => link.From)], EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
                children.AddRange(found.OfType<Entity>().Where(wanted));
                query = query with { After = page.Next };
            }
            while (query.After is not null);
        }

        return children;
    }

    private async Task<Entity> GetAsync(string runId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        return (await store.FindAsync([RunId(workspace, runId)], EntityParts.Attributes, cancellationToken).ConfigureAwait(false))[0] ?? throw NotFound(runId);
    }

    private static Change[] Show(EntityId run) => [new Change.Set(run, Deleted, null), new Change.Set(run, DeletedWith, null)];

    /// <summary>The run whose deletion hides this one; null when it is not deleted.</summary>
    private static string? DeletedBy(Entity run) => run.Attributes!.TryGetValue(DeletedWith, out var with) ? with.Text : null;

    private static NotFoundException NotFound(string runId) => new($"There is no run '{runId}'. List the runs to see which exist.");
}
