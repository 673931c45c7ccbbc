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
    /// <exception cref="NotFoundException">There is no such parent.</exception>
    /// <exception cref="ConflictException">The parent is deleted.</exception>
    Task<ITrackedRun> StartRunAsync(string experiment, RunOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Goes on writing a run that ended or was abandoned: it is <see cref="RunState.Running"/> again and keeps what was logged. Of several callers one wins; whoever wrote it before writes nothing any more.
    /// Who resumed it stays in the events of the run.
    /// </summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    /// <exception cref="ConflictException">The run is being written, was resumed by somebody else first, or is deleted.</exception>
    Task<ITrackedRun> ResumeRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Hides a run and the runs below it from listings; nothing is lost, and whoever writes it goes on. Does nothing when it is deleted already.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    Task DeleteRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Brings a deleted run back, with the runs below it that were deleted together with it; those that were deleted singly stay deleted. Does nothing when it is not deleted.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    /// <exception cref="ConflictException">Its parent is deleted.</exception>
    Task RestoreRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>A run by its id, also a deleted one, or null.</summary>
    Task<TrackedRun?> FindRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Every run that the query selects, newest first unless it says otherwise.</summary>
    /// <exception cref="ArgumentException">The query has both <see cref="RunQuery.BestBy"/> and <see cref="RunQuery.OrderBy"/>.</exception>
    IAsyncEnumerable<TrackedRun> ListRunsAsync(RunQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>One page of the same, with params, tags and the latest value of every metric. <see cref="RunQuery.Limit"/> is the size of the page: 1 to 1,000, and 100 when null.</summary>
    /// <param name="query">What to look for, or null for every run.</param>
    /// <param name="after"><see cref="Page{T}.Next"/> of the page before, or null for the first. A run is on one page only, also when others are started meanwhile.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentException">As above, or the token belongs to another query.</exception>
    Task<Page<TrackedRun>> SearchRunsAsync(RunQuery? query = null, string? after = null, CancellationToken cancellationToken = default);

    /// <summary>Experiments, newest first.</summary>
    IAsyncEnumerable<Experiment> ListExperimentsAsync(CancellationToken cancellationToken = default);

    /// <summary>Every stored point of one metric of a run in the order (step, timestamp, value); empty when there is none.</summary>
    IAsyncEnumerable<MetricPoint> ReadMetricAsync(string runId, string metric, CancellationToken cancellationToken = default);

    /// <summary>
    /// The history of a metric, thinned out for a chart in one pass: of equally many consecutive points each, the first, the last, the lowest, the highest, the first NaN and the first infinity of either sign.
    /// All points when they are not more than <paramref name="maxPoints"/>. In the order (step, timestamp, value); empty when there is none.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="maxPoints">At most this many are returned, 10 to 100,000; about four for each pixel column of a chart show all of it.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    Task<IReadOnlyList<MetricPoint>> SampleMetricAsync(string runId, string metric, int maxPoints = 1000, CancellationToken cancellationToken = default);

    /// <summary>Puts runs side by side: params, metrics, data sets, code and environment, as they are in one snapshot. Deleted runs too.</summary>
    /// <param name="runIds">2 to 100 runs.</param>
    /// <param name="goals">Which direction is better, by metric: those metrics say which run is the best.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="NotFoundException">One of the runs does not exist.</exception>
    Task<RunComparison> CompareRunsAsync(IReadOnlyList<string> runIds, IReadOnlyDictionary<string, Evaluation.MetricGoal>? goals = null, CancellationToken cancellationToken = default);
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

    /// <summary>Only the runs directly below this one, or null for all.</summary>
    public string? Parent { get; init; }

    /// <summary>True: only runs whose process has probably died, see <see cref="TrackedRun.IsAbandoned"/>.</summary>
    public bool Abandoned { get; init; }

    /// <summary>False: deleted runs are left out. True: only deleted runs.</summary>
    public bool Deleted { get; init; }

    /// <summary>At most this many, at least 1; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Only runs for which this holds, or null for all: made with <see cref="RunFilter"/>, or by <see cref="Parse"/>.</summary>
    public EntityFilter? Filter { get; init; }

    /// <summary>The order, for example <c>RunFilter.Metric("auc").Descending</c>; runs without the value come last. Null: newest first.</summary>
    public Order? OrderBy { get; init; }

    /// <summary>Orders by the latest value of this metric, best first; runs with NaN and runs without it come last. Instead of <see cref="OrderBy"/>.</summary>
    public string? BestBy { get; init; }

    /// <summary>Which direction of <see cref="BestBy"/> is better.</summary>
    public Evaluation.MetricGoal Goal { get; init; }

    /// <summary>
    /// A query as text, a superset of MLflow's filter language: <c>metrics.auc > 0.8 and (params.trainer = 'LightGbm' or tags.team in ('a', 'b')) and not tags.ignored is not null order by metrics.auc desc</c>.
    /// docs/tracking.md describes it.
    /// </summary>
    /// <param name="text">At most 10,000 characters and 500 comparisons; empty for every run.</param>
    /// <exception cref="FilterSyntaxException">It is not written in the language; the message points at the place and says what was expected.</exception>
    public static RunQuery Parse(string text)
    {
        var query = EntityQuery.Parse("run", text);
        return new() { Filter = query.Filter, OrderBy = query.Order is [var order] ? order : null };
    }
}
