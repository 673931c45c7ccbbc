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
}
