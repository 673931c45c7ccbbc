using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Serving;

/// <summary>The background work of serving: one reader of the change feed wakes one loop per predictor, so that a slow load holds up nobody else. Ends the predictors after every other service has stopped.</summary>
internal sealed class ModelFollower(IEnumerable<AliasedModel> models, IMetadataStore store, IOptions<MlopsOptions> options, TimeProvider time, ILogger<ModelFollower> log)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan FeedWait = TimeSpan.FromSeconds(30);
    private readonly AliasedModel[] models = [.. models];

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (var model in models)
        {
            model.Dispose();
        }

        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Workers)
        {
            return;
        }

        var bells = models.Select(_ => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite })).ToArray();
        try
        {
            await Task.WhenAll([ReadFeedAsync(bells, stoppingToken), .. models.Zip(bells, (model, bell) => FollowAsync(model, bell.Reader, stoppingToken))]).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task FollowAsync(AliasedModel model, ChannelReader<bool> bell, CancellationToken stoppingToken)
    {
        while (true)
        {
            await model.FollowAsync(stoppingToken).ConfigureAwait(false);
            using var timeout = new CancellationTokenSource(model.NextLook, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
            try
            {
                await bell.ReadAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // Time to look.
            }
        }
    }

    private async Task ReadFeedAsync(Channel<bool>[] bells, CancellationToken stoppingToken)
    {
        long position = 0;
        var wait = TimeSpan.Zero;
        while (true)
        {
            try
            {
                var events = await store.ReadEventsAsync(new() { AfterPosition = position, Kinds = [RegistryEntities.AliasKind], Limit = 1000, Wait = wait }, stoppingToken).ConfigureAwait(false);
                if (events.Items.Count > 0)
                {
                    position = events.Items[^1].Position;
                }

                // The first pass reads what is history to the loops; they look once more when it is through, for a move that happened beside it.
                if (wait != TimeSpan.Zero ? events.Items.Count > 0 : events.Items.Count == 0)
                {
                    wait = FeedWait;
                    Array.ForEach(bells, bell => bell.Writer.TryWrite(true));
                }
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.FeedFailed(log, FeedWait.TotalSeconds, e);
                await Task.Delay(FeedWait, time, stoppingToken).ConfigureAwait(false);
            }
        }
    }
}
