using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>A run that is being written to the metadata store. The first of the pumps leads to the metadata store.</summary>
internal sealed class StoredRun(RunLease lease, RunRecord record, long droppedBefore, RunWriter writer, IReadOnlyList<MetricPump> pumps, TimeSpan patience, TimeProvider time, ILogger log) : ITrackedRun
{
    // With the guard of the lease it is what every store takes in one changeset.
    private const int MaxParams = 999;
    private const int MaxReason = 4000;
    private const int Writing = 0, Ending = 1, Over = 2;
    private int phase;
    private RunEnd? end;

    public string Id => lease.RunId;

    public EntityId Entity => lease.Run;

    public long DroppedPoints => droppedBefore + pumps.Sum(pump => pump.Dropped);

    public Task LogParamsAsync(IReadOnlyDictionary<string, AttributeValue> values, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        RequireWriting();
        if (values.Count > MaxParams)
        {
            throw new ArgumentException($"{values.Count} params were given; at most {MaxParams} can be logged all or none. Log them in several calls.", nameof(values));
        }

        foreach (var name in values.Keys)
        {
            TrackingNames.Check(name, "param");
        }

        return values.Count == 0 ? Task.CompletedTask : writer.LogParamsAsync(lease, values, cancellationToken);
    }

    public void LogMetric(string name, double value, long step = 0, DateTimeOffset? timestamp = null)
    {
        TrackingNames.Check(name, "metric");
        RequireWriting();
        var point = new MetricPoint(name, step, timestamp ?? time.GetUtcNow(), value);
        foreach (var pump in pumps)
        {
            pump.Write(point);
        }
    }

    public async Task LogMetricsAsync(IReadOnlyList<MetricPoint> points, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        foreach (var point in points)
        {
            TrackingNames.Check(point.Key, "metric");
        }

        RequireWriting();
        foreach (var point in points)
        {
            try
            {
                await pumps[0].WriteAsync(point, cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                throw Ended();
            }

            for (var i = 1; i < pumps.Count; i++)
            {
                pumps[i].Write(point);
            }
        }
    }

    public Task SetTagAsync(string tag, string? value, CancellationToken cancellationToken = default)
    {
        TrackingNames.Check(tag, "tag");
        RequireWriting();
        return writer.SetTagAsync(lease, tag, value, cancellationToken);
    }

    public Task<ArtifactRef> LogArtifactAsync(string path, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        TrackingNames.CheckPath(path);
        RequireWriting();
        return writer.LogArtifactAsync(lease, path, content, cancellationToken);
    }

    public Task FlushAsync(CancellationToken cancellationToken = default) => Task.WhenAll(pumps.Select(pump => pump.FlushAsync(cancellationToken)));

    public Task CompleteAsync(CancellationToken cancellationToken = default) => EndAsync(RunState.Finished, null, cancellationToken);

    public Task FailAsync(string reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return EndAsync(RunState.Failed, reason, cancellationToken);
    }

    public Task CancelAsync(string? reason = null, CancellationToken cancellationToken = default) => EndAsync(RunState.Canceled, reason, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (Volatile.Read(ref phase) == Writing)
            {
                await EndAsync(RunState.Failed, "The run was disposed before CompleteAsync.", CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // An exception here would hide the one that is leaving the block.
            Log.EndNotStored(log, Id, e);
        }

        await lease.DisposeAsync().ConfigureAwait(false);
        foreach (var pump in pumps)
        {
            pump.Dispose();
        }
    }

    private async Task EndAsync(RunState state, string? reason, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref phase, Ending, Writing) != Writing)
        {
            throw Ended();
        }

        try
        {
            var started = time.GetTimestamp();
            await Task.WhenAll(pumps.Select(pump => pump.CompleteAsync(cancellationToken))).ConfigureAwait(false);
            var asked = end?.State == state ? end : end = new(MlopsId.New(), record.Experiment, state, reason is null ? null : TrackingNames.Clean(reason, MaxReason), Now(), DroppedPoints);
            await new TransientRetry(patience - time.GetElapsedTime(started), time).RunAsync(token => writer.EndAsync(lease, asked, token), cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref phase, Over);
            await lease.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            // After a failure the caller may end the run again.
            Interlocked.CompareExchange(ref phase, Writing, Ending);
        }

        Log.RunEnded(log, Id, record.Experiment, state);
    }

    // A clock that was set back must not end a run before its start.
    private DateTimeOffset Now() => time.GetUtcNow() is var now && now < record.Started ? record.Started : now;

    private void RequireWriting()
    {
        if (Volatile.Read(ref phase) != Writing)
        {
            throw Ended();
        }
    }

    private InvalidOperationException Ended() => new($"Run '{Id}' has ended. Start another run.");
}
