using System.Text.Json;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Pipelines;

/// <summary>
/// Keeps attempts and results in the metadata store. An executed step takes two commits, its start and its outcome with all its links; a cached one takes one, which only the end of the run waits for. A result is a small entity named by its key,
/// so of two executions of one key the first to commit wins.
/// </summary>
internal sealed class StepLedger(IMetadataStore store, IArtifactStore artifacts, IActorAccessor actor, IOptions<MlopsOptions> host, TimeProvider time)
{
    private const int MaxError = 2000;
    private const int MoreRounds = 5;
    private readonly SpineWriter writer = new(store, actor, time);
    private readonly ArtifactEntities known = new(store);

    private string Workspace => host.Value.Workspace;

    /// <summary>Stores that an attempt begins.</summary>
    public async Task<EntityId> StartAsync(EntityId run, AttemptRecord record, EncodedValue? input, CancellationToken cancellationToken)
    {
        var used = await ReferencesAsync(input, cancellationToken).ConfigureAwait(false);
        var result = await CommitAsync(
            () => [Create(run, record, PipelineStates.Running), new Change.Connect(new(EntityId.CreatedBy(0), PipelineSchema.PartOf, run))],
            EntityId.CreatedBy(0),
            [(PipelineSchema.Used, used)],
            cancellationToken).ConfigureAwait(false);
        return result.Created[0];
    }

    /// <summary>Stores the outcome of an attempt and, when it has a key, its result; false when another execution of the key was first.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="key">The key, or null.</param>
    /// <param name="unusable">The revision of a stored result that cannot be read and is replaced, or null.</param>
    /// <param name="output">The output, or null when it cannot be stored.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<bool> FinishAsync(EntityId attempt, Digest? key, long? unusable, EncodedValue? output, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        EntityId? resultId = key is { } k && output is not null ? ResultId(k) : null;
        var (body, large) = resultId is null ? default : await BodyAsync(attempt, output!, cancellationToken).ConfigureAwait(false);
        var produced = await ReferencesAsync(output, cancellationToken).ConfigureAwait(false);
        var result = await CommitAsync(
            () =>
            {
                List<Change> changes = [new Change.Set(attempt, "state", PipelineStates.Finished), new Change.Set(attempt, "duration", elapsed.TotalSeconds)];
                if (output is not null)
                {
                    changes.Add(new Change.Set(attempt, "output", output.Digest.ToString()));
                }

                if (resultId is { } id)
                {
                    changes.Add(unusable is { } revision ? new Change.Put(id, revision, body) : new Change.Create(id, body));
                }

                return changes;
            },
            attempt,
            [(PipelineSchema.Produced, [.. produced, .. large is null ? (ArtifactRef[])[] : [large]])],
            cancellationToken,
            resultId).ConfigureAwait(false);
        return result.Committed;
    }

    /// <summary>Stores that an attempt ended without an outcome.</summary>
    public Task EndAsync(EntityId attempt, string state, string? error, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        List<Change> changes = [new Change.Set(attempt, "state", state), new Change.Set(attempt, "duration", elapsed.TotalSeconds)];
        if (error is not null)
        {
            changes.Add(new Change.Set(attempt, "error", error.Length > MaxError ? error[..(MaxError - 1)] + "…" : error));
        }

        return writer.CommitAsync(changes, cancellationToken);
    }

    /// <summary>Stores that a call was answered by a finished execution.</summary>
    public Task CachedAsync(EntityId run, AttemptRecord record, string origin, Digest output, CancellationToken cancellationToken)
    {
        var create = Create(run, record, PipelineStates.Cached);
        return writer.CommitAsync(
            [
                create with { Attributes = new Dictionary<string, AttributeValue>(create.Attributes) { ["output"] = output.ToString() } },
                new Change.Connect(new(EntityId.CreatedBy(0), PipelineSchema.PartOf, run)),
                new Change.Connect(new(EntityId.CreatedBy(0), PipelineSchema.CachedFrom, AttemptId(origin))),
            ],
            cancellationToken);
    }

    /// <summary>Stores that an execution came second and takes the outcome of the first.</summary>
    public Task AdoptAsync(EntityId attempt, string origin, Digest output, TimeSpan elapsed, CancellationToken cancellationToken) =>
        writer.CommitAsync(
            [
                new Change.Set(attempt, "state", PipelineStates.Cached),
                new Change.Set(attempt, "output", output.ToString()),
                new Change.Set(attempt, "duration", elapsed.TotalSeconds),
                new Change.Connect(new(attempt, PipelineSchema.CachedFrom, AttemptId(origin))),
            ],
            cancellationToken);

    /// <summary>The stored result of a key with its revision, or null. The record is null when it cannot be read.</summary>
    public async Task<(ResultRecord? Record, long Revision)?> FindResultAsync(Digest key, CancellationToken cancellationToken)
    {
        var entity = (await store.FindAsync([ResultId(key)], EntityParts.Body, cancellationToken).ConfigureAwait(false))[0];
        if (entity is null)
        {
            return null;
        }

        try
        {
            return (JsonSerializer.Deserialize(entity.Body.Bytes.Span, PipelineJson.Default.ResultRecord), entity.Revision);
        }
        catch (JsonException)
        {
            return (null, entity.Revision);
        }
    }

    private async Task<CommitResult> CommitAsync(Func<List<Change>> build, EntityId attempt, (string Relation, IReadOnlyList<ArtifactRef> Refs)[] links, CancellationToken cancellationToken, EntityId? mayLose = null)
    {
        // Whoever loses a round knows of one more artifact that is there already.
        var rounds = links.Sum(link => link.Refs.Count) + MoreRounds;
        for (var round = 1; ; round++)
        {
            var changes = build();
            foreach (var (relation, refs) in links)
            {
                await known.ConnectAsync(changes, attempt, relation, refs, Workspace, cancellationToken).ConfigureAwait(false);
            }

            var result = await writer.TryCommitAsync(changes, cancellationToken).ConfigureAwait(false);
            if (result.Committed || (mayLose is { } id && result.Conflicts.Any(c => c.Id == id)))
            {
                known.Learn(changes, result);
                return result;
            }

            known.Learn(changes, result);
            if (round == rounds || result.Conflicts.Any(c => c.Id.Kind != ArtifactEntity.Kind))
            {
                throw new ConflictException($"{result.Conflicts[0].Id} was changed by somebody else ({result.Conflicts[0].Kind}). Run the pipeline again.") { Operation = "commit" };
            }
        }
    }

    /// <summary>The artifacts that a value names, with the manifests of its model packages.</summary>
    private async Task<IReadOnlyList<ArtifactRef>> ReferencesAsync(EncodedValue? value, CancellationToken cancellationToken)
    {
        if (value is null or { Packages.Count: 0 })
        {
            return value?.Artifacts ?? [];
        }

        var references = value.Artifacts.ToList();
        foreach (var package in value.Packages)
        {
            if (await artifacts.FindAsync(package, cancellationToken).ConfigureAwait(false) is { } manifest)
            {
                references.Add(manifest);
            }
        }

        return references;
    }

    private async Task<(EntityBody Body, ArtifactRef? Large)> BodyAsync(EntityId attempt, EncodedValue output, CancellationToken cancellationToken)
    {
        if (output.Json.Length < MetadataLimits.InlineBytes)
        {
            using var value = JsonDocument.Parse(output.Json, new JsonDocumentOptions { MaxDepth = 256 });
            var body = PipelineJson.Body(new ResultRecord(attempt.Key, output.Digest, value.RootElement, null), PipelineJson.Default.ResultRecord);
            if (body.Bytes.Length <= MetadataLimits.InlineBytes)
            {
                return (body, null);
            }
        }

        using var content = new MemoryStream(output.Json, writable: false);
        var large = await artifacts.PutAsync(content, cancellationToken).ConfigureAwait(false);
        return (PipelineJson.Body(new ResultRecord(attempt.Key, output.Digest, default, large), PipelineJson.Default.ResultRecord), large);
    }

    private static Change.CreateNumbered Create(EntityId run, AttemptRecord record, string state)
    {
        var attributes = new Dictionary<string, AttributeValue> { ["state"] = state, ["step"] = record.Step };
        if (record.Key is not null)
        {
            attributes["key"] = record.Key;
        }

        return new(PipelineSchema.Attempt, new EntityId(PipelineSchema.Call, $"{run.Key}/{record.Path}", run.Workspace), PipelineJson.Body(record, PipelineJson.Default.AttemptRecord)) { Attributes = attributes };
    }

    private EntityId ResultId(Digest key) => new(PipelineSchema.Result, key.Hex, Workspace);

    private EntityId AttemptId(string key) => new(PipelineSchema.Attempt, key, Workspace);
}
