using System.Diagnostics.Metrics;

namespace Mlops.Sdk.Tracking;

/// <summary>How many metric points went where.</summary>
internal sealed class TrackingTelemetry
{
    private readonly Counter<long> written;
    private readonly Counter<long> dropped;

    public TrackingTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(MlopsDiagnostics.MeterName);
        written = meter.CreateCounter<long>("mlops.tracking.points.written", "{point}", "Metric points that a sink took.");
        dropped = meter.CreateCounter<long>("mlops.tracking.points.dropped", "{point}", "Metric points that did not reach a sink.");
    }

    public void Written(string sink, long points) => written.Add(points, new KeyValuePair<string, object?>("mlops.sink", sink));

    public void Dropped(string sink, long points) => dropped.Add(points, new KeyValuePair<string, object?>("mlops.sink", sink));
}
