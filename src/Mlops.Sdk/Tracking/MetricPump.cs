using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>The bounded buffer between one run and one sink.</summary>
internal sealed class MetricPump : IDisposable
{
    private readonly IMetricSink sink;
    private readonly string experiment;
    private readonly string runId;
    private readonly TrackingOptions options;
    private readonly TimeProvider time;
    private readonly TrackingTelemetry telemetry;
    private readonly ILogger log;
    private readonly Channel<Entry> channel;
    private readonly SemaphoreSlim wake = new(0);
    private readonly CancellationTokenSource stop = new();
    private readonly TransientRetry retry;
    private readonly Task loop;
    private long pending;
    private long dropped;
    private int warned;
    private bool failing;
    private bool abandoned;

    public MetricPump(IMetricSink sink, string experiment, string runId, TrackingOptions options, TimeProvider time, TrackingTelemetry telemetry, ILogger log)
    {
        (this.sink, this.experiment, this.runId, this.options, this.time, this.telemetry, this.log) = (sink, experiment, runId, options, time, telemetry, log);
        channel = Channel.CreateBounded<Entry>(new BoundedChannelOptions(options.BufferCapacity) { SingleReader = true });
        retry = new(options.RetryFor, time, Report);
        loop = Task.Run(RunAsync);
    }

    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Takes a point, or drops and counts it when the buffer is full.</summary>
    public void Write(in MetricPoint point)
    {
        if (!TryWrite(point))
        {
            Drop(1);
            if (Interlocked.Exchange(ref warned, 1) == 0)
            {
                Log.PointsDropped(log, sink.Name, runId);
            }
        }
    }

    /// <summary>Takes a point as soon as the buffer has room.</summary>
    /// <exception cref="ChannelClosedException">The run has ended.</exception>
    public ValueTask WriteAsync(in MetricPoint point, CancellationToken cancellationToken) => TryWrite(point) ? default : WaitAsync(point, cancellationToken);

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await channel.Writer.WriteAsync(new(default, flushed), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return;
        }

        wake.Release();
        await flushed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes no more points and waits for the sink, but not for ever. Idempotent.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        channel.Writer.TryComplete();
        wake.Release();
        try
        {
            await loop.WaitAsync(options.DrainTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref abandoned, true);
            var left = Interlocked.Exchange(ref pending, 0);
            Drop(left);
            Log.SinkTooSlow(log, sink.Name, runId, left);
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the loop at the next chance. The semaphore and the source are left to the collector, because an abandoned sink may still come back.</summary>
    public void Dispose()
    {
        channel.Writer.TryComplete();
        stop.Cancel();
    }

    private bool TryWrite(in MetricPoint point)
    {
        var count = Interlocked.Increment(ref pending);
        if (!channel.Writer.TryWrite(new(point, null)))
        {
            Interlocked.Decrement(ref pending);
            return false;
        }

        if (count == options.BatchSize)
        {
            wake.Release();
        }

        return true;
    }

    private async ValueTask WaitAsync(MetricPoint point, CancellationToken cancellationToken)
    {
        // A buffer that is full is written at once, also when a batch would be larger.
        Interlocked.Increment(ref pending);
        wake.Release();
        try
        {
            await channel.Writer.WriteAsync(new(point, null), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Interlocked.Decrement(ref pending);
            throw;
        }
    }

    /// <summary>Tells health and log when an outage begins and when it is over.</summary>
    private void Report(Exception? failure)
    {
        if (failing == failure is not null)
        {
            return;
        }

        failing = failure is not null;
        telemetry.Failing(sink.Name, failing ? 1 : -1);
        if (failure is not null)
        {
            Log.SinkTriedAgain(log, sink.Name, runId, options.BufferCapacity, failure);
        }
        else
        {
            Log.SinkRecovered(log, sink.Name, runId);
        }
    }

    private void Drop(long points)
    {
        Interlocked.Add(ref dropped, points);
        telemetry.Dropped(sink.Name, points);
    }

    private async Task RunAsync()
    {
        var batch = new List<MetricPoint>();
        while (await channel.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (Interlocked.Read(ref pending) < options.BatchSize)
            {
                // Gather, until a batch is full, somebody flushes or the interval is over.
                using var interval = new CancellationTokenSource(options.FlushInterval, time);
                await wake.WaitAsync(interval.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            while (channel.Reader.TryRead(out var entry))
            {
                if (entry.Flush is null)
                {
                    batch.Add(entry.Point);
                }

                if (batch.Count >= options.BatchSize || entry.Flush is not null)
                {
                    await SendAsync(batch).ConfigureAwait(false);
                }

                entry.Flush?.TrySetResult();
            }

            await SendAsync(batch).ConfigureAwait(false);
        }

        Report(null);
    }

    private async Task SendAsync(List<MetricPoint> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var sent = new MetricBatch(MlopsId.New(), experiment, runId, [.. batch]);
        batch.Clear();
        try
        {
            await retry.RunAsync(token => sink.WriteAsync(sent, token), stop.Token).ConfigureAwait(false);
            telemetry.Written(sink.Name, sent.Points.Count);
            Report(null);
        }
        catch (Exception e)
        {
            // Whatever a sink does must not reach the training code.
            if (!Volatile.Read(ref abandoned))
            {
                Drop(sent.Points.Count);
                Log.SinkFailed(log, sink.Name, runId, sent.Points.Count, e);
            }
        }

        Interlocked.Add(ref pending, -sent.Points.Count);
    }

    /// <summary>A point, or a request to be told when everything before it has been sent.</summary>
    private readonly record struct Entry(MetricPoint Point, TaskCompletionSource? Flush);
}
