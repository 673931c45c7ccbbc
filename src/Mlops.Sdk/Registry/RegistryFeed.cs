using System.Runtime.CompilerServices;
using Mlops.Sdk.Metadata;
using Polly;
using Polly.Retry;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>Reads the events of the registry from the change feed.</summary>
internal sealed class RegistryFeed(RegistrySpine spine)
{
    private const int PageSize = 1000;
    private const int MaxSubjects = 256;
    private static readonly string[] Kinds = [ModelKind, VersionKind, AliasKind];
    private static readonly TimeSpan WatchWait = TimeSpan.FromSeconds(30);

    // 0.2 + 0.4 + … + 12.8 seconds, then 15 each: about a minute.
    private readonly ResiliencePipeline patience = new ResiliencePipelineBuilder { TimeProvider = spine.Clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<MlopsException>(e => e.IsTransient),
            MaxRetryAttempts = 9,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(15),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    public IAsyncEnumerable<ModelEvent> ListAliasHistoryAsync(string model, string alias, CancellationToken cancellationToken) =>
        ReadAsync(new() { Subject = AliasId(spine.Workspace, model, alias) }, cancellationToken);

    /// <summary>The current round, or null.</summary>
    public async Task<ModelApproval?> FindApprovalAsync(string model, int version, CancellationToken cancellationToken)
    {
        ModelApproval? approval = null;
        await foreach (var read in ReadAsync(new() { Subject = VersionId(spine.Workspace, model, version) }, cancellationToken).ConfigureAwait(false))
        {
            approval = ApprovalRules.Fold(approval, read);
        }

        return approval;
    }

    /// <summary>The events about one entity after another; or, of a model with many versions, one pass over the events of all models, which is cheaper than a read for each.</summary>
    public async IAsyncEnumerable<ModelEvent> ListAsync(string model, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await SubjectsAsync(model, cancellationToken).ConfigureAwait(false) is { } subjects)
        {
            var events = new List<ModelEvent>();
            foreach (var subject in subjects)
            {
                await foreach (var read in ReadAsync(new() { Subject = subject }, cancellationToken).ConfigureAwait(false))
                {
                    events.Add(read);
                }
            }

            foreach (var read in events.OrderBy(read => read.Position))
            {
                yield return read;
            }

            yield break;
        }

        await foreach (var read in ReadAsync(new() { Kinds = Kinds }, cancellationToken).ConfigureAwait(false))
        {
            if (read.Model == model)
            {
                yield return read;
            }
        }
    }

    public async IAsyncEnumerable<ModelEvent> WatchAsync(string? model, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var query = new EventQuery { AfterPosition = after, Kinds = Kinds, Limit = PageSize, Wait = WatchWait };
            var page = await patience.ExecuteAsync(async token => await spine.Store.ReadEventsAsync(query, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            foreach (var stored in page.Items)
            {
                after = stored.Position;
                if (Read(stored) is { } read && (model is null || read.Model == model))
                {
                    yield return read;
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
    }

    /// <summary>Null when there are too many to be read one by one.</summary>
    private async Task<IReadOnlyList<EntityId>?> SubjectsAsync(string model, CancellationToken cancellationToken)
    {
        List<EntityId> subjects = [ModelId(spine.Workspace, model)];
        foreach (var kind in new[] { VersionKind, AliasKind })
        {
            var query = new EntityQuery(kind) { Workspace = spine.Workspace, Filter = new EntityFilter.Compare("model", Comparison.Equal, model), Parts = EntityParts.None, Limit = MaxSubjects + 1 };
            var page = await spine.Store.QueryAsync(query, cancellationToken).ConfigureAwait(false);
            subjects.AddRange(page.Items.Select(entity => entity.Id));
            if (page.Next is not null || subjects.Count > MaxSubjects)
            {
                return null;
            }
        }

        return subjects;
    }

    private async IAsyncEnumerable<ModelEvent> ReadAsync(EventQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        query = query with { Limit = PageSize };
        while (true)
        {
            var page = await spine.Store.ReadEventsAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var stored in page.Items)
            {
                if (Read(stored) is { } read)
                {
                    yield return read;
                }
            }

            if (page.Items.Count < PageSize)
            {
                yield break;
            }

            query = query with { AfterPosition = page.Items[^1].Position };
        }
    }

    private ModelEvent? Read(StoredEvent stored) => stored.Subject.Workspace == spine.Workspace ? RegistryReader.Event(stored) : null;
}
