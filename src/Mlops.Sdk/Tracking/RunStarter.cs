using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Tracking.TrackingEntities;

namespace Mlops.Sdk.Tracking;

/// <summary>Starts runs, and takes over those that nobody writes.</summary>
internal sealed class RunStarter(
    IMetadataStore store,
    RunWriter writer,
    IEnumerable<IMetricSink> sinks,
    IOptions<TrackingOptions> options,
    TrackingTelemetry telemetry,
    TimeProvider time,
    ILogger<ExperimentTracker> log)
{
    private TrackingOptions Options => options.Value;

    public async Task<ITrackedRun> StartAsync(string experiment, RunOptions start, CancellationToken cancellationToken)
    {
        if (start.Parent is not null)
        {
            await CheckParentAsync(experiment, start.Parent, cancellationToken).ConfigureAwait(false);
        }

        var code = await ReadCodeAsync(experiment, cancellationToken).ConfigureAwait(false);
        var files = new Dictionary<string, ArtifactRef>(StringComparer.Ordinal);
        if (Options.CapturePackages)
        {
            files[RunEnvironment.PackagesPath] = await writer.PutAsync(EnvironmentReader.Packages(), cancellationToken).ConfigureAwait(false);
        }

        if (code?.Diff is { } diff)
        {
            files[CodeVersion.DiffPath] = await writer.PutAsync(diff, cancellationToken).ConfigureAwait(false);
        }

        var lease = new RunLease(writer.Id(MlopsId.NewKey()), time);
        var record = new RunRecord(
            experiment,
            start.Name,
            writer.Actor,
            time.GetUtcNow(),
            EnvironmentReader.Read(files.GetValueOrDefault(RunEnvironment.PackagesPath)?.Digest.ToString()),
            Record(code, files.GetValueOrDefault(CodeVersion.DiffPath)),
            [.. start.Inputs.Select(input => new InputRecord(input.Digest.ToString(), Text(input.Role), input.Name, input.Rows))]);
        await writer.CreateAsync(lease, record, start, files, cancellationToken).ConfigureAwait(false);
        Log.RunStarted(log, lease.RunId, experiment);
        return Open(lease, record, 0);
    }

    public async Task<ITrackedRun> ResumeAsync(string runId, CancellationToken cancellationToken)
    {
        var lease = new RunLease(writer.Id(runId), time);
        var found = await store.FindAsync([lease.Run], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
        var entity = found[0] ?? throw NotFound(runId);
        var run = RunReader.Run(entity, Options.AbandonedAfter);
        if (run.Deleted is not null)
        {
            throw new ConflictException($"Run '{runId}' is deleted. Restore it before you resume it.");
        }

        if (run.State == RunState.Running && !run.IsAbandoned)
        {
            throw new ConflictException($"Run '{runId}' is being written: its last sign of life is {(entity.AsOf - entity.Modified).TotalSeconds:0} seconds old. It can be resumed after a silence of {Options.AbandonedAfter.TotalSeconds:0} seconds (Mlops:Tracking:AbandonedAfter).");
        }

        var code = await ReadCodeAsync(run.Experiment, cancellationToken).ConfigureAwait(false);
        var diff = code?.Diff is { } bytes ? await writer.PutAsync(bytes, cancellationToken).ConfigureAwait(false) : null;
        await writer.ResumeAsync(lease, entity, RunEvent.Body(run.Experiment, RunState.Running, Record(code, diff)), diff, cancellationToken).ConfigureAwait(false);
        Log.RunResumed(log, runId, run.Experiment);
        return Open(lease, TrackingJson.Read(entity, TrackingJson.Default.RunRecord), run.DroppedPoints);
    }

    private StoredRun Open(RunLease lease, RunRecord record, long dropped)
    {
        IEnumerable<IMetricSink> all = [new MetadataMetricSink(writer, lease), .. sinks];
        lease.Start(writer, Options.HeartbeatInterval, log);
        return new(lease, record, dropped, writer, [.. all.Select(sink => new MetricPump(sink, record.Experiment, lease.RunId, Options, time, telemetry, log))], Options.DrainTimeout, time, log);
    }

    private async Task CheckParentAsync(string experiment, string parentId, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync([writer.Id(parentId)], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
        var parent = RunReader.Run(found[0] ?? throw NotFound(parentId), Options.AbandonedAfter);
        if (parent.Experiment != experiment)
        {
            throw new ArgumentException($"A run of '{experiment}' cannot be a part of run '{parentId}', which belongs to '{parent.Experiment}'. Start it in the experiment of its parent.");
        }

        if (parent.Deleted is not null)
        {
            throw new ConflictException($"Run '{parentId}' is deleted. Restore it before you start a run below it.");
        }
    }

    private async Task<CodeReader.Snapshot?> ReadCodeAsync(string experiment, CancellationToken cancellationToken)
    {
        var code = await new CodeReader(Options, time, log).ReadAsync(cancellationToken).ConfigureAwait(false);
        return Options.RefuseDirty && code is { ChangedFiles: > 0 }
            ? throw new MlopsException(
                $"A run of '{experiment}' was refused: {code.ChangedFiles} tracked files differ from commit {code.Commit}. Commit them, or set Mlops:Tracking:RefuseDirty to false.") { Operation = "start run" }
            : code;
    }

    private static CodeRecord? Record(CodeReader.Snapshot? code, ArtifactRef? diff) =>
        code is null ? null : new(code.Commit, code.ChangedFiles > 0, code.UntrackedFiles, diff?.Digest.ToString(), code.DiffTruncated);

    private static NotFoundException NotFound(string runId) => new($"There is no run '{runId}'. List the runs to see which exist.");
}
