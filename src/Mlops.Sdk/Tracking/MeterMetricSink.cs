using System.Diagnostics.Metrics;

namespace Mlops.Sdk.Tracking;

/// <summary>Publishes the latest value of each metric as the gauge <c>mlops.tracking.metric</c>. Attributes are experiment and metric; run ids would be too many.</summary>
internal sealed class MeterMetricSink(IMeterFactory meters) : IMetricSink
{
    private readonly Gauge<double> gauge = meters.Create(MlopsDiagnostics.MeterName).CreateGauge<double>("mlops.tracking.metric", description: "The latest value of a training metric.");

    public string Name => "meter";

    public Task WriteAsync(MetricBatch batch, CancellationToken cancellationToken = default)
    {
        foreach (var point in batch.Points)
        {
            gauge.Record(point.Value, new("mlops.experiment", batch.Experiment), new("mlops.metric", point.Key));
        }

        return Task.CompletedTask;
    }
}
