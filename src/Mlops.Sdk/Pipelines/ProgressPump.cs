using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Pipelines;

/// <summary>Hands events to their receiver in order, one call at a time, without holding up the steps. All have arrived when it is disposed.</summary>
internal sealed class ProgressPump : IAsyncDisposable
{
    private readonly Channel<PipelineEvent> events = Channel.CreateUnbounded<PipelineEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task reader;

    public ProgressPump(IProgress<PipelineEvent>? receiver, ILogger log) => reader = receiver is null ? Task.CompletedTask : Task.Run(() => ReadAsync(receiver, log));

    public void Post(PipelineEvent what)
    {
        if (!reader.IsCompleted)
        {
            events.Writer.TryWrite(what);
        }
    }

    public async ValueTask DisposeAsync()
    {
        events.Writer.TryComplete();
        await reader.ConfigureAwait(false);
    }

    private async Task ReadAsync(IProgress<PipelineEvent> receiver, ILogger log)
    {
        await foreach (var what in events.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                receiver.Report(what);
            }
            catch (Exception e)
            {
                Log.ProgressThrew(log, e, what.RunId);
            }
        }
    }
}

/// <summary>Thins out the progress of one attempt.</summary>
internal sealed class ThrottledProgress(TimeProvider time, TimeSpan interval, Action<StepProgress> post) : IProgress<StepProgress>
{
    private readonly Lock gate = new();
    private long? last;

    public void Report(StepProgress value)
    {
        lock (gate)
        {
            if (last is { } before && time.GetElapsedTime(before) < interval && !(value.Fraction >= 1))
            {
                return;
            }

            last = time.GetTimestamp();
            post(value);
        }
    }
}
