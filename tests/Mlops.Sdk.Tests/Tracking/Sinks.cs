using System.Collections.Concurrent;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking;

/// <summary>Keeps the batches that it got.</summary>
internal sealed class CollectingSink : IMetricSink
{
    public ConcurrentQueue<MetricBatch> Batches { get; } = new();

    public string Name => "collecting";

    public Task WriteAsync(MetricBatch batch, CancellationToken cancellationToken = default)
    {
        Batches.Enqueue(batch);
        return Task.CompletedTask;
    }
}

/// <summary>Throws the next of its exceptions, or takes the batch when there is none left.</summary>
internal sealed class ThrowingSink(IEnumerable<Exception> failures) : IMetricSink
{
    private readonly Queue<Exception> left = new(failures);

    public List<MetricBatch> Tried { get; } = [];

    public string Name => "throwing";

    public Task WriteAsync(MetricBatch batch, CancellationToken cancellationToken = default)
    {
        Tried.Add(batch);
        return left.TryDequeue(out var failure) ? throw failure : Task.CompletedTask;
    }
}

/// <summary>Never comes back, not even when it is cancelled.</summary>
internal sealed class StuckSink : IMetricSink
{
    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "stuck";

    public Task WriteAsync(MetricBatch batch, CancellationToken cancellationToken = default)
    {
        Entered.TrySetResult();
        return new TaskCompletionSource().Task;
    }
}
