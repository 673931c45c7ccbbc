using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Tracking.TrackingEntities;

namespace Mlops.Sdk.Tracking;

/// <summary>Tracking over the metadata spine.</summary>
internal sealed class ExperimentTracker(IMetadataStore store, RunStarter starter, RunDeletion deletion, IOptions<TrackingOptions> options, IOptions<MlopsOptions> mlops) : IExperimentTracker
{
    private const int PageSize = 100;
    private const int MaxCompared = 100;
    private readonly string workspace = mlops.Value.Workspace;

    public Task<ITrackedRun> StartRunAsync(string experiment, RunOptions? options = null, CancellationToken cancellationToken = default)
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

        return starter.StartAsync(experiment, options, cancellationToken);
    }

    public Task<ITrackedRun> ResumeRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        return starter.ResumeAsync(runId, cancellationToken);
    }

    public Task DeleteRunAsync(string runId, CancellationToken cancellationToken = default) => deletion.DeleteAsync(runId, cancellationToken);

    public Task RestoreRunAsync(string runId, CancellationToken cancellationToken = default) => deletion.RestoreAsync(runId, cancellationToken);

    public async Task<TrackedRun?> FindRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        var found = await store.FindAsync([RunId(workspace, runId)], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
        return found[0] is { } entity ? RunReader.Run(entity, options.Value.AbandonedAfter) : null;
    }

    public async IAsyncEnumerable<TrackedRun> ListRunsAsync(RunQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new();
        var left = query.Limit ?? int.MaxValue;
        var entities = QueryAsync(RunSelection.Of(query, await SilentSinceAsync(query, cancellationToken).ConfigureAwait(false)) with { Limit = Math.Min(left, PageSize) }, cancellationToken);
        await foreach (var entity in entities.ConfigureAwait(false))
        {
            yield return RunReader.Run(entity, options.Value.AbandonedAfter);
            if (--left == 0)
            {
                yield break;
            }
        }
    }

    public async Task<Page<TrackedRun>> SearchRunsAsync(RunQuery? query = null, string? after = null, CancellationToken cancellationToken = default)
    {
        query ??= new();
        var place = RunPlace.Read(after, query.Abandoned) ?? new(await SilentSinceAsync(query, cancellationToken).ConfigureAwait(false), null);
        var asked = RunSelection.Of(query, place.SilentSince) with { Workspace = workspace, Limit = query.Limit ?? PageSize, After = place.Token };
        var page = await store.QueryAsync(asked, cancellationToken).ConfigureAwait(false);
        return new([.. page.Items.Select(entity => RunReader.Run(entity, options.Value.AbandonedAfter))], page.Next is null ? null : (place with { Token = page.Next }).ToString(), page.AsOf);
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
        await foreach (var point in store.ReadPointsAsync(new(RunId(workspace, runId), MetricPrefix + metric), cancellationToken).ConfigureAwait(false))
        {
            yield return point with { Key = metric };
        }
    }

    public async Task<IReadOnlyList<MetricPoint>> SampleMetricAsync(string runId, string metric, int maxPoints = 1000, CancellationToken cancellationToken = default)
    {
        if (maxPoints is < 10 or > 100_000)
        {
            throw new ArgumentOutOfRangeException(nameof(maxPoints), maxPoints, "A sample has from 10 to 100,000 points.");
        }

        var sampler = new PointSampler(maxPoints);
        await foreach (var point in ReadMetricAsync(runId, metric, cancellationToken).ConfigureAwait(false))
        {
            sampler.Add(point);
        }

        return sampler.Points;
    }

    public async Task<RunComparison> CompareRunsAsync(IReadOnlyList<string> runIds, IReadOnlyDictionary<string, MetricGoal>? goals = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runIds);
        if (runIds.Count is < 2 or > MaxCompared)
        {
            throw new ArgumentException($"{runIds.Count} runs were given; a comparison takes 2 to {MaxCompared}.", nameof(runIds));
        }

        var found = await store.FindAsync([.. runIds.Select(id => RunId(workspace, id))], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
        var runs = found.Select((entity, i) => RunReader.Run(
            entity ?? throw new NotFoundException($"There is no run '{runIds[i]}'. List the runs to see which exist."),
            options.Value.AbandonedAfter)).ToList();
        return RunComparer.Compare(runs, goals ?? new Dictionary<string, MetricGoal>());
    }

    private async Task<DateTimeOffset?> SilentSinceAsync(RunQuery query, CancellationToken cancellationToken) => query.Abandoned
        ? (await store.QueryAsync(new(RunKind) { Workspace = workspace, Limit = 1, Parts = EntityParts.None }, cancellationToken).ConfigureAwait(false)).AsOf - options.Value.AbandonedAfter
        : null;

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
