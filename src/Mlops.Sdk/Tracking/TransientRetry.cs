using Polly;
using Polly.Retry;

namespace Mlops.Sdk.Tracking;

/// <summary>
/// Tries what fails transiently again, for a time that is counted from the first failure of an outage. When that is over each call gets one attempt, until one succeeds.
/// Not thread-safe: one call at a time.
/// </summary>
internal sealed class TransientRetry
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private readonly TimeProvider time;
    private readonly TimeSpan limit;
    private readonly Action<Exception>? failed;
    private readonly ResiliencePipeline pipeline;
    private long? failingSince;

    /// <param name="limit">How long it is tried again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Called at the first failure of an outage.</param>
    public TransientRetry(TimeSpan limit, TimeProvider time, Action<Exception>? failed = null)
    {
        (this.limit, this.time, this.failed) = (limit, time, failed);
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is MlopsException { IsTransient: true } e && GoesOn(e)),
                MaxRetryAttempts = int.MaxValue,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();
    }

    public async Task RunAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        await pipeline.ExecuteAsync(static async (run, token) => await run(token).ConfigureAwait(false), action, cancellationToken).ConfigureAwait(false);
        failingSince = null;
    }

    private bool GoesOn(MlopsException reason)
    {
        if (failingSince is null)
        {
            failingSince = time.GetTimestamp();
            failed?.Invoke(reason);
        }

        return time.GetElapsedTime(failingSince.Value) < limit;
    }
}
