using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>Keeps every point in the metadata store. Always there.</summary>
internal sealed class MetadataMetricSink(IMetadataStore store, IActorAccessor actors, IOptions<MlopsOptions> options, TimeProvider time) : IMetricSink
{
    // Keys are few and come again with every point.
    private const int MaxKeys = 10_000;
    private const int MaxRuns = 10_000;
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, string> keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> seen = new(StringComparer.Ordinal);

    public string Name => "metadata";

    public async Task WriteAsync(MetricBatch batch, CancellationToken cancellationToken = default)
    {
        var run = TrackingEntities.RunId(options.Value.Workspace, batch.RunId);
        var points = new MetricPoint[batch.Points.Count];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = batch.Points[i] with { Key = Key(batch.Points[i].Key) };
        }

        // Points alone may be stored at a cheaper durability, so the sign of life goes with few of the batches only.
        var append = new Change.Append(run, points);
        Change[] changes = IsDue(batch.RunId) ? [append, new Change.Touch(run)] : [append];
        var result = await store.CommitAsync(new(batch.Id, actors.Actor, changes), cancellationToken).ConfigureAwait(false);
        if (!result.Committed)
        {
            throw new NotFoundException($"Run '{batch.RunId}' does not exist any more.");
        }
    }

    private bool IsDue(string runId)
    {
        if (seen.Count > MaxRuns)
        {
            seen.Clear();
        }

        var now = time.GetTimestamp();
        var due = time.GetElapsedTime(seen.GetOrAdd(runId, now), now) >= SignOfLife;
        if (due)
        {
            seen[runId] = now;
        }

        return due;
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
