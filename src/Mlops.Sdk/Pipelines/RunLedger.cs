using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Pipelines;

/// <summary>A run as it was begun. Origin is itself, or the first of an interrupted series whose place it takes.</summary>
internal sealed record StartedRun(EntityId Id, string Origin, DateTimeOffset StartedAt, bool Resumes);

/// <summary>Keeps runs in the metadata store: one commit when a run starts, one when it ends.</summary>
internal sealed class RunLedger(IMetadataStore store, IActorAccessor actor, IOptions<MlopsOptions> host, TimeProvider time)
{
    private readonly SpineWriter writer = new(store, actor, time);
    private readonly ConcurrentDictionary<EntityId, bool> live = new();

    /// <summary>Starts a run. When the latest run with the same options and seed was killed or interrupted, this one takes its place.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="options">The digest of the options, or null when they have none: such a run resumes nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<StartedRun> StartAsync(string pipeline, int seed, Artifacts.Digest? options, CancellationToken cancellationToken)
    {
        var workspace = host.Value.Workspace;
        var identity = options is { } digest ? Derive.RunIdentity(pipeline, seed, digest) : null;
        var origin = identity is null ? null : await FindOriginAsync(identity, workspace, cancellationToken).ConfigureAwait(false);
        var attributes = new Dictionary<string, AttributeValue> { ["state"] = PipelineStates.Running, ["seed"] = seed };
        if (identity is not null)
        {
            attributes["identity"] = identity;
        }

        List<Change> changes =
        [
            new Change.CreateNumbered(
                PipelineSchema.Run,
                new EntityId(PipelineSchema.Pipeline, pipeline, workspace),
                PipelineJson.Body(new RunRecord(pipeline, seed, options?.ToString(), origin?.Id.Key), PipelineJson.Default.RunRecord)) { Attributes = attributes },
        ];
        if (origin is not null)
        {
            changes.Add(new Change.Connect(new Link(EntityId.CreatedBy(0), PipelineSchema.Resumes, origin.Id)));
        }

        var result = await writer.CommitAsync(changes, cancellationToken).ConfigureAwait(false);
        var id = result.Created[0];
        live[id] = true;
        return new(id, origin?.Id.Key ?? id.Key, origin?.Created ?? result.At, origin is not null);
    }

    /// <summary>Stores how a run ended.</summary>
    public async Task EndAsync(StartedRun run, string state, string? error, int executed, int cached, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        live.TryRemove(run.Id, out _);
        List<Change> changes =
        [
            new Change.Set(run.Id, "state", state),
            new Change.Set(run.Id, "duration", elapsed.TotalSeconds),
            new Change.Set(run.Id, "executed", executed),
            new Change.Set(run.Id, "cached", cached),
            new Change.Note(run.Id, $"pipeline-run.{state}"),
        ];
        if (error is not null)
        {
            changes.Add(new Change.Set(run.Id, "error", error));
        }

        await writer.CommitAsync(changes, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Entity?> FindOriginAsync(string identity, string workspace, CancellationToken cancellationToken)
    {
        var query = new EntityQuery(PipelineSchema.Run)
        {
            Workspace = workspace,
            Filter = new EntityFilter.Compare("identity", Comparison.Equal, identity),
            Limit = 1,
            Parts = EntityParts.Body | EntityParts.Attributes,
        };
        var latest = (await store.QueryAsync(query, cancellationToken).ConfigureAwait(false)).Items is [var newest, ..] ? newest : null;
        var state = latest?.Attributes?.GetValueOrDefault("state").Text;
        if (latest is null || state is not (PipelineStates.Running or PipelineStates.Interrupted) || live.ContainsKey(latest.Id))
        {
            return null;
        }

        var record = JsonSerializer.Deserialize(latest.Body.Bytes.Span, PipelineJson.Default.RunRecord);
        if (state == PipelineStates.Running)
        {
            await InterruptAsync(latest.Id, cancellationToken).ConfigureAwait(false);
        }

        return record?.Origin is { } origin
            ? (await store.FindAsync([latest.Id with { Key = origin }], EntityParts.None, cancellationToken).ConfigureAwait(false))[0]
            : latest;
    }

    /// <summary>Says of a killed run, and of the attempts that it left open, how they ended. Should it be alive in another process, it overwrites this with its own end.</summary>
    private async Task InterruptAsync(EntityId run, CancellationToken cancellationToken)
    {
        var query = new EntityQuery(PipelineSchema.Attempt)
        {
            Workspace = run.Workspace,
            Filter = new EntityFilter.All([
                new EntityFilter.Compare("state", Comparison.Equal, PipelineStates.Running),
                new EntityFilter.Linked(PipelineSchema.PartOf, LinkDirection.Out, new EntityFilter.Compare("@key", Comparison.Equal, run.Key))]),
            Limit = 1000,
            Parts = EntityParts.None,
        };
        var attempts = (await store.QueryAsync(query, cancellationToken).ConfigureAwait(false)).Items.Select(attempt => attempt.Id);
        List<Change> changes = [];
        foreach (var id in attempts.Prepend(run))
        {
            changes.Add(new Change.Require(id) { Attribute = "state", Equal = PipelineStates.Running });
            changes.Add(new Change.Set(id, "state", PipelineStates.Interrupted));
        }

        changes.Add(new Change.Note(run, $"pipeline-run.{PipelineStates.Interrupted}"));

        // A conflict says that somebody closed them in this moment, so there is nothing left to do.
        await writer.TryCommitAsync(changes, cancellationToken).ConfigureAwait(false);
    }
}
