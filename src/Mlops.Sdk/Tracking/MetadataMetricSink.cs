using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>Keeps every point of one run in the metadata store. Always there.</summary>
internal sealed class MetadataMetricSink(RunWriter writer, RunLease lease) : IMetricSink
{
    // Keys are few and come again with every point.
    private const int MaxKeys = 10_000;
    private readonly Dictionary<string, string> keys = new(StringComparer.Ordinal);

    public string Name => "metadata";

    public Task WriteAsync(MetricBatch batch, CancellationToken cancellationToken = default)
    {
        var points = new MetricPoint[batch.Points.Count];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = batch.Points[i] with { Key = Key(batch.Points[i].Key) };
        }

        return writer.AppendAsync(lease, batch.Id, points, cancellationToken);
    }

    private string Key(string metric)
    {
        if (keys.Count > MaxKeys)
        {
            keys.Clear();
        }

        if (!keys.TryGetValue(metric, out var key))
        {
            keys[metric] = key = TrackingEntities.MetricPrefix + metric;
        }

        return key;
    }
}
