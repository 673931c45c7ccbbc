using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>Short forms.</summary>
public static class TrackedRunExtensions
{
    /// <summary>Sets one param, a text or a number. A param is set once: the same value again is fine.</summary>
    /// <exception cref="ConflictException">It has another value already; the message names both.</exception>
    public static Task LogParamAsync(this ITrackedRun run, string name, AttributeValue value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.LogParamsAsync(new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { [name] = value }, cancellationToken);
    }

    /// <summary>A run by its id.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public static async Task<TrackedRun> GetRunAsync(this IExperimentTracker tracker, string runId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        return await tracker.FindRunAsync(runId, cancellationToken).ConfigureAwait(false)
            ?? throw new NotFoundException($"There is no run '{runId}'. List the runs to see which exist.");
    }

    /// <summary>The finished run of an experiment with the best latest value of a metric, or null when none has a number. NaN never wins; of equals the newest is returned.</summary>
    public static async Task<TrackedRun?> FindBestRunAsync(this IExperimentTracker tracker, string experiment, string metric, MetricGoal goal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        var query = new RunQuery { Experiment = experiment, State = RunState.Finished, BestBy = metric, Goal = goal, Limit = 1 };
        await foreach (var run in tracker.ListRunsAsync(query, cancellationToken).ConfigureAwait(false))
        {
            return run.Metrics.TryGetValue(metric, out var value) && !double.IsNaN(value) ? run : null;
        }

        return null;
    }
}
