using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Polly;
using Polly.Retry;

namespace Mlops.Sdk;

/// <summary>Opens the stores before any other hosted service starts: the SDK's first I/O. What is transient is tried again until <see cref="MlopsOptions.StartTimeout"/>.</summary>
internal sealed class StoreStartup(
    IServiceProvider services,
    IOptions<MlopsOptions> options,
    TimeProvider time,
    ILogger<StoreStartup> log) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var info = await OpenAsync("metadata store", token => services.GetRequiredService<IMetadataStore>().OpenAsync(token), cancellationToken).ConfigureAwait(false);
        Log.StoreOpened(log, info.System, info.StoreId, info.SchemaVersion);
        await OpenAsync(
            "artifact store",
            async token =>
            {
                await services.GetRequiredService<IArtifactStore>().OpenAsync(token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<T> OpenAsync<T>(string what, Func<CancellationToken, Task<T>> open, CancellationToken cancellationToken)
    {
        var limit = options.Value.StartTimeout;
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        Exception? last = null;
        var retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<MlopsException>(e => e.IsTransient),
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(2),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = attempt =>
                {
                    last = attempt.Outcome.Exception;
                    Log.StoreNotYetOpen(log, what, last);
                    return default;
                },
            })
            .Build();
        try
        {
            return await retry.ExecuteAsync(async token => await open(token).ConfigureAwait(false), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new MlopsException(
                $"The {what} did not open within {limit.TotalSeconds:0.#} seconds{(last is null ? "" : $" ({last.Message})")}. Check that it can be reached, or raise Mlops:StartTimeout.",
                last ?? e) { Operation = "open", IsTransient = true };
        }
    }
}
