using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Tracking.TrackingEntities;

namespace Mlops.Sdk.Tracking;

/// <summary>Tracking over the metadata spine.</summary>
internal sealed class ExperimentTracker(
    IMetadataStore store,
    RunWriter writer,
    IEnumerable<IMetricSink> sinks,
    IOptions<TrackingOptions> options,
    IOptions<MlopsOptions> mlops,
    TrackingTelemetry telemetry,
    TimeProvider time,
    ILogger<ExperimentTracker> log) : IExperimentTracker
{
    private readonly string workspace = mlops.Value.Workspace;

    public async Task<ITrackedRun> StartRunAsync(string experiment, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        TrackingNames.Check(experiment, "experiment");
        options ??= new();
        if (options.Name is not null)
        {
            TrackingNames.Check(options.Name, "run");
        }

        foreach (var input in options.Inputs)
        {
            TrackingNames.Check(input.Name, "data set");
        }

        var code = await new CodeReader(Options, time, log).ReadAsync(cancellationToken).ConfigureAwait(false);
        if (Options.RefuseDirty && code is { ChangedFiles: > 0 })
        {
            throw new MlopsException(
                $"A run of '{experiment}' was refused: {code.ChangedFiles} tracked files differ from commit {code.Commit}. Commit them, or set Mlops:Tracking:RefuseDirty to false.") { Operation = "start run" };
        }

        var files = new Dictionary<string, ArtifactRef>(StringComparer.Ordinal);
        if (Options.CapturePackages)
        {
            files[RunEnvironment.PackagesPath] = await writer.PutAsync(EnvironmentReader.Packages(), cancellationToken).ConfigureAwait(false);
        }

        if (code?.Diff is { } diff)
        {
            files[CodeVersion.DiffPath] = await writer.PutAsync(diff, cancellationToken).ConfigureAwait(false);
        }

        var id = MlopsId.NewKey();
        var record = new RunRecord(
            experiment,
            options.Name,
            writer.Actor,
            time.GetUtcNow(),
            EnvironmentReader.Read(files.GetValueOrDefault(RunEnvironment.PackagesPath)?.Digest.ToString()),
            code is null ? null : new(code.Commit, code.ChangedFiles > 0, code.UntrackedFiles, files.GetValueOrDefault(CodeVersion.DiffPath)?.Digest.ToString(), code.DiffTruncated),
            [.. options.Inputs.Select(input => new InputRecord(input.Digest.ToString(), Text(input.Role), input.Name, input.Rows))]);
        await writer.CreateAsync(id, record, options.Inputs, files, cancellationToken).ConfigureAwait(false);
        Log.RunStarted(log, id, experiment);
        return new StoredRun(id, experiment, writer, [.. sinks.Select(sink => new MetricPump(sink, experiment, id, Options, time, telemetry, log))], time, log);
    }

    public async Task<TrackedRun?> FindRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        var found = await store.FindAsync([writer.Id(runId)], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
        return found[0] is { } entity ? RunReader.Run(entity) : null;
    }

    public async IAsyncEnumerable<TrackedRun> ListRunsAsync(RunQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new();
        var conditions = new List<EntityFilter>();
        if (query.Experiment is not null)
        {
            conditions.Add(new EntityFilter.Compare(ExperimentName, Comparison.Equal, query.Experiment));
        }

        if (query.State is { } state)
        {
            conditions.Add(new EntityFilter.Compare(State, Comparison.Equal, Text(state)));
        }

        var entities = QueryAsync(
            new(RunKind)
            {
                Filter = conditions.Count == 0 ? null : new EntityFilter.All(conditions),
                Order = query.BestBy is null ? [] : [new(MetricPrefix + query.BestBy, Descending: query.Goal == MetricGoal.Maximize)],
                Parts = EntityParts.Body | EntityParts.Attributes,
            },
            cancellationToken);
        await foreach (var entity in entities.ConfigureAwait(false))
        {
            yield return RunReader.Run(entity);
        }
    }

    public async IAsyncEnumerable<Experiment> ListExperimentsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entity in QueryAsync(new(ExperimentKind), cancellationToken).ConfigureAwait(false))
        {
            yield return new(TrackingJson.Read(entity, TrackingJson.Default.ExperimentRecord).Name, entity.Created);
        }
    }

    public async IAsyncEnumerable<MetricPoint> ReadMetricAsync(string runId, string metric, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        TrackingNames.Check(metric, "metric");
        await foreach (var point in store.ReadPointsAsync(new(writer.Id(runId), MetricPrefix + metric), cancellationToken).ConfigureAwait(false))
        {
            yield return point with { Key = metric };
        }
    }

    private TrackingOptions Options => options.Value;

    private async IAsyncEnumerable<Entity> QueryAsync(EntityQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        query = query with { Workspace = workspace };
        do
        {
            var page = await store.QueryAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var entity in page.Items)
            {
                yield return entity;
            }

            query = query with { After = page.Next };
        }
        while (query.After is not null);
    }
}
