using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Tracking;

/// <summary>Writes every point to the log, at level Information.</summary>
internal sealed class LoggerMetricSink(ILogger<LoggerMetricSink> log) : IMetricSink
{
    public string Name => "logger";

    public Task WriteAsync(MetricBatch batch, CancellationToken cancellationToken = default)
    {
        foreach (var point in batch.Points)
        {
            Log.Metric(log, batch.RunId, point.Key, point.Value, point.Step);
        }

        return Task.CompletedTask;
    }
}
