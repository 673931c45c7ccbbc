using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>Keeps every point in the metadata store. Always there.</summary>
internal sealed class MetadataMetricSink(IMetadataStore store, IActorAccessor actors, IOptions<MlopsOptions> options) : IMetricSink
{
    // Keys are few and come again with every point.
    private const int MaxKeys = 10_000;
    private readonly ConcurrentDictionary<string, string> keys = new(StringComparer.Ordinal);

    public string Name => "metadata";

    public async Task WriteAsync(MetricBatch batch, CancellationToken cancellationToken = default)
    {
        var run = TrackingEntities.RunId(options.Value.Workspace, batch.RunId);
        var points = new MetricPoint[batch.Points.Count];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = batch.Points[i] with { Key = Key(batch.Points[i].Key) };
        }

        // The touch is the run's sign of life.
        var result = await store.CommitAsync(new(batch.Id, actors.Actor, [new Change.Append(run, points), new Change.Touch(run)]), cancellationToken).ConfigureAwait(false);
        if (!result.Committed)
        {
            throw new NotFoundException($"Run '{batch.RunId}' does not exist any more.");
        }
    }

    private string Key(string metric)
    {
        if (keys.Count > MaxKeys)
        {
            keys.Clear();
        }

        return keys.GetOrAdd(metric, static name => TrackingEntities.MetricPrefix + name);
    }
}
