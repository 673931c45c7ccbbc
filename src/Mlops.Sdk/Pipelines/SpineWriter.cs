using Mlops.Sdk.Metadata;
using Polly;
using Polly.Retry;

namespace Mlops.Sdk.Pipelines;

/// <summary>Commits changesets; what is transient is tried again with the same changeset id, so that nothing is applied twice.</summary>
internal sealed class SpineWriter
{
    private readonly IMetadataStore store;
    private readonly IActorAccessor actor;
    private readonly ResiliencePipeline retry;

    public SpineWriter(IMetadataStore store, IActorAccessor actor, TimeProvider time)
    {
        this.store = store;
        this.actor = actor;
        retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<MlopsException>(e => e.IsTransient),
                MaxRetryAttempts = 4,
                Delay = TimeSpan.FromMilliseconds(50),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();
    }

    public async Task<CommitResult> TryCommitAsync(List<Change> changes, CancellationToken cancellationToken)
    {
        var changeset = new Changeset(MlopsId.New(), actor.Actor, changes);
        return await retry.ExecuteAsync(async token => await store.CommitAsync(changeset, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    public async Task<CommitResult> CommitAsync(List<Change> changes, CancellationToken cancellationToken)
    {
        var result = await TryCommitAsync(changes, cancellationToken).ConfigureAwait(false);
        return result.Committed
            ? result
            : throw new ConflictException($"{result.Conflicts[0].Id} was changed by somebody else ({result.Conflicts[0].Kind}). Run the pipeline again.") { Operation = "commit" };
    }
}
