using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>A place where numbers go. The SDK puts a bounded buffer before each sink, so a slow one delays nobody; what does not fit is dropped and counted.</summary>
/// <remarks>
/// Called once at a time for each run, but for several runs at once. May throw: a <see cref="MlopsException"/> with <see cref="MlopsException.IsTransient"/> is tried again with the same batch for as long as <c>Mlops:Tracking:RetryFor</c> says;
/// everything else drops the batch, which is logged and counted and never reaches the training code. Should end soon after the token is cancelled.
/// </remarks>
public interface IMetricSink
{
    /// <summary>A short name for logs and telemetry, for example <c>metadata</c>.</summary>
    string Name { get; }

    /// <summary>Takes over a batch.</summary>
    Task WriteAsync(MetricBatch batch, CancellationToken cancellationToken = default);
}

/// <summary>Points of one run.</summary>
/// <param name="Id">The same when a batch is tried again, so that a sink can be idempotent.</param>
/// <param name="Experiment">The experiment of the run.</param>
/// <param name="RunId">The run.</param>
/// <param name="Points">The points in the order in which they were logged.</param>
public sealed record MetricBatch(Guid Id, string Experiment, string RunId, IReadOnlyList<MetricPoint> Points);
