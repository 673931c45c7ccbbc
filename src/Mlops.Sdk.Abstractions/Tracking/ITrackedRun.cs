using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>
/// A run that is being written. Thread-safe. End it with <see cref="CompleteAsync"/>, <see cref="FailAsync"/> or <see cref="CancelAsync"/>; a run that is disposed before is failed,
/// which is what happens when an exception leaves an <c>await using</c>.
/// </summary>
/// <remarks>After the end, every member that writes throws <see cref="InvalidOperationException"/>.</remarks>
public interface ITrackedRun : IAsyncDisposable
{
    /// <summary>The id of the run: 32 hexadecimal digits.</summary>
    string Id { get; }

    /// <summary>The run in the lineage graph: hand it to <c>ModelRegistration.Run</c>.</summary>
    EntityId Entity { get; }

    /// <summary>How many metric points did not reach a sink, summed over the sinks.</summary>
    long DroppedPoints { get; }

    /// <summary>Sets up to 999 params, all or none. A param is set once: the same value again is fine.</summary>
    /// <exception cref="ConflictException">A param has another value already; the message names both.</exception>
    Task LogParamsAsync(IReadOnlyDictionary<string, AttributeValue> values, CancellationToken cancellationToken = default);

    /// <summary>Hands a metric point to every sink. Never waits and never fails for a sink's sake: points that do not fit into a sink's buffer are dropped and counted.</summary>
    /// <param name="name">The metric: 1 to 200 characters.</param>
    /// <param name="value">Any double; NaN and infinities are kept.</param>
    /// <param name="step">The position in training.</param>
    /// <param name="timestamp">When it was observed; null for now.</param>
    void LogMetric(string name, double value, long step = 0, DateTimeOffset? timestamp = null);

    /// <summary>
    /// Hands metric points to every sink, in order, and waits while the buffer before the metadata store is full: back-pressure where <see cref="LogMetric"/> drops. Other sinks hold nobody up.
    /// The points are buffered, not stored, when it returns; <see cref="FlushAsync"/> waits for that.
    /// </summary>
    /// <param name="points">Any number; <see cref="MetricPoint.Key"/> is the metric, 1 to 200 characters.</param>
    /// <param name="cancellationToken">Ends the wait; points that were taken before stay.</param>
    /// <exception cref="InvalidOperationException">The run ended, also while this waited.</exception>
    Task LogMetricsAsync(IReadOnlyList<MetricPoint> points, CancellationToken cancellationToken = default);

    /// <summary>Sets a tag, or removes it when <paramref name="value"/> is null. The last writer wins.</summary>
    Task SetTagAsync(string tag, string? value, CancellationToken cancellationToken = default);

    /// <summary>Stores an artifact under a relative path such as <c>plots/roc.svg</c>. The same path again points at the newer content.</summary>
    /// <exception cref="ArgumentException">The path is refused by <see cref="ArtifactPath"/>, or has more than 200 characters.</exception>
    Task<ArtifactRef> LogArtifactAsync(string path, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Waits until every point logged before has reached its sinks or was dropped.</summary>
    Task FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the run as finished. Waits for the sinks, bounded by <c>Mlops:Tracking:DrainTimeout</c>.</summary>
    /// <exception cref="ConflictException">Somebody else ended the run.</exception>
    Task CompleteAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the run as failed.</summary>
    /// <param name="reason">Why; kept up to 4,000 characters.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    /// <exception cref="ConflictException">Somebody else ended the run.</exception>
    Task FailAsync(string reason, CancellationToken cancellationToken = default);

    /// <summary>Ends the run as canceled.</summary>
    /// <param name="reason">Why, or null; kept up to 4,000 characters.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    /// <exception cref="ConflictException">Somebody else ended the run.</exception>
    Task CancelAsync(string? reason = null, CancellationToken cancellationToken = default);
}
