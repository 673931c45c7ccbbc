using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>Keeps what happened in training runs. Thread-safe, also across processes on one store.</summary>
public interface IExperimentTracker
{
    /// <summary>Starts a run and creates the experiment when it is new. Captures code version and environment as the options say.</summary>
    /// <param name="experiment">The experiment: 1 to 200 characters.</param>
    /// <param name="options">What is known about the run, or null.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    /// <exception cref="MlopsException">The run was refused because the code has uncommitted changes, or the store failed.</exception>
    Task<ITrackedRun> StartRunAsync(string experiment, RunOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>A run by its id, or null.</summary>
    Task<TrackedRun?> FindRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Runs, newest first unless the query orders by a metric.</summary>
    IAsyncEnumerable<TrackedRun> ListRunsAsync(RunQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Experiments, newest first.</summary>
    IAsyncEnumerable<Experiment> ListExperimentsAsync(CancellationToken cancellationToken = default);

    /// <summary>Every stored point of one metric of a run in the order (step, timestamp, value); empty when there is none.</summary>
    IAsyncEnumerable<MetricPoint> ReadMetricAsync(string runId, string metric, CancellationToken cancellationToken = default);
}

/// <summary>An experiment: a name that runs share.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Created">When its first run was started, by the store's clock.</param>
public sealed record Experiment(string Name, DateTimeOffset Created);

/// <summary>Selects runs.</summary>
public sealed record RunQuery
{
    /// <summary>Only runs of this experiment, or null for all.</summary>
    public string? Experiment { get; init; }

    /// <summary>Only runs in this state, or null for all.</summary>
    public RunState? State { get; init; }

    /// <summary>Orders by the latest value of this metric, best first; runs with NaN and runs without it come last. Null: newest first.</summary>
    public string? BestBy { get; init; }

    /// <summary>Which direction of <see cref="BestBy"/> is better.</summary>
    public Evaluation.MetricGoal Goal { get; init; }
}
