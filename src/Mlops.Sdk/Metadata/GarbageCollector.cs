using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// Rows first, then bytes: an interruption leaves bytes that nothing names, which the next run finds, and never a name without bytes. What is alive is read anew in every run; nothing is remembered between two.
/// </summary>
internal sealed class GarbageCollector(IMetadataStore store, IArtifactStore artifacts, IActorAccessor actors, IOptions<MlopsOptions> host, TimeProvider clock) : IGarbageCollector
{
    public async Task<GarbageReport> CollectAsync(GarbageOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Retention, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Grace, GarbageOptions.MinGrace, nameof(options));
        var actor = actors.Actor;
        var notPutSince = clock.GetUtcNow() - options.Grace;
        var prunable = artifacts as IPrunableArtifactStore;
        var scope = await GarbageScope.ReadAsync(store, host.Value.Workspace, options, cancellationToken).ConfigureAwait(false);
        var rows = new GarbageRows(store, actor, scope, options.Retention);
        await rows.FindAsync(cancellationToken).ConfigureAwait(false);
        if (!options.DryRun)
        {
            await rows.RemoveAsync(cancellationToken).ConfigureAwait(false);
        }

        if (prunable is null)
        {
            return new(options.DryRun, [.. rows.Ids], [], Prunable: false);
        }

        // Objects before entities: what is put after this list is not in it, and what is in it and old has long been committed or never will be.
        var objects = await prunable.ListPutsAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var mark = new GarbageMark(store, artifacts, scope, rows.IsDoomed);
        await mark.ReadEntitiesAsync(cancellationToken).ConfigureAwait(false);
        await mark.ReadObjectsAsync(objects.Select(o => o.Artifact), cancellationToken).ConfigureAwait(false);
        var sweep = new GarbageSweep(store, prunable, actor, scope, mark, rows.IsDoomed);
        var removed = await sweep.SweepObjectsAsync(objects, notPutSince, options.DryRun, cancellationToken).ConfigureAwait(false);
        var gone = await sweep.SweepEntitiesAsync(removed, options.DryRun, cancellationToken).ConfigureAwait(false);
        return new(options.DryRun, [.. rows.Ids, .. gone], removed, Prunable: true);
    }
}
