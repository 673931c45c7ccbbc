using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mlops.Sdk.Tracking;

/// <summary>How many metric points went where, and which sinks are in trouble.</summary>
internal sealed class TrackingTelemetry
{
    private readonly TimeProvider time;
    private readonly Counter<long> written;
    private readonly Counter<long> dropped;
    private readonly ConcurrentDictionary<string, int> failing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> lastDrop = new(StringComparer.Ordinal);

    public TrackingTelemetry(IMeterFactory meters, TimeProvider time)
    {
        this.time = time;
        var meter = meters.Create(MlopsDiagnostics.MeterName);
        written = meter.CreateCounter<long>("mlops.tracking.points.written", "{point}", "Metric points that a sink took.");
        dropped = meter.CreateCounter<long>("mlops.tracking.points.dropped", "{point}", "Metric points that did not reach a sink.");
    }

    /// <summary>The sinks that some run cannot reach just now.</summary>
    public IEnumerable<string> FailingSinks => failing.Where(sink => sink.Value > 0).Select(sink => sink.Key);

    public void Written(string sink, long points) => written.Add(points, new KeyValuePair<string, object?>("mlops.sink", sink));

    public void Dropped(string sink, long points)
    {
        dropped.Add(points, new KeyValuePair<string, object?>("mlops.sink", sink));
        if (points > 0)
        {
            lastDrop[sink] = time.GetTimestamp();
        }
    }

    /// <summary>One run more or less cannot reach a sink.</summary>
    public void Failing(string sink, int runs) => failing.AddOrUpdate(sink, runs, (_, before) => before + runs);

    /// <summary>The sinks that points were dropped before within a time.</summary>
    public IEnumerable<string> DroppingSinks(TimeSpan within) => lastDrop.Where(sink => time.GetElapsedTime(sink.Value) <= within).Select(sink => sink.Key);
}
