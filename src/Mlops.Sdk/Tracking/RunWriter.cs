using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Tracking.TrackingEntities;

namespace Mlops.Sdk.Tracking;

/// <summary>The changesets of tracking.</summary>
internal sealed class RunWriter(IMetadataStore store, IArtifactStore artifacts, IActorAccessor actors, IOptions<MlopsOptions> options)
{
    private const int Attempts = 8;
    private readonly string workspace = options.Value.Workspace;

    public EntityId Id(string runId) => RunId(workspace, runId);

    public string Actor => actors.Actor;

    public async Task<ArtifactRef> PutAsync(byte[] content, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content, writable: false);
        return await artifacts.PutAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates the run, and what it links to where that is new, in one changeset.</summary>
    public Task CreateAsync(string runId, RunRecord record, IReadOnlyList<DatasetInput> inputs, IReadOnlyDictionary<string, ArtifactRef> files, CancellationToken cancellationToken)
    {
        var run = Id(runId);
        var experiment = ExperimentId(workspace, record.Experiment);
        var attributes = files.ToDictionary(file => ArtifactPrefix + file.Key, file => RunReader.Text(file.Value), StringComparer.Ordinal);
        attributes[ExperimentName] = record.Experiment;
        attributes[State] = Text(RunState.Running);
        if (record.Name is not null)
        {
            attributes[Name] = record.Name;
        }

        List<Change.Create> shared =
        [
            new(experiment, TrackingJson.Body(new ExperimentRecord(record.Experiment), TrackingJson.Default.ExperimentRecord)),
            .. files.Values.Select(file => new Change.Create(ArtifactEntity.Id(file.Digest, workspace), ArtifactEntity.Body(file))),
            .. inputs.Select(input => new Change.Create(DatasetId(workspace, input), TrackingJson.Body(new DatasetRecord(input.Name, input.Rows), TrackingJson.Default.DatasetRecord))),
        ];
        Change[] own =
        [
            new Change.Create(run, TrackingJson.Body(record, TrackingJson.Default.RunRecord)) { Attributes = attributes },
            new Change.Connect(new(run, ToExperiment, experiment)),
            .. files.Values.Select(file => new Change.Connect(new(run, ToArtifact, ArtifactEntity.Id(file.Digest, workspace)))),
            .. inputs.Select(input => new Change.Connect(new(run, InputPrefix + Text(input.Role), DatasetId(workspace, input)))),
            new Change.Note(run, RunStarted, Event(record.Experiment, RunState.Running)),
        ];
        return CommitAsync(shared, own, $"Starting a run of '{record.Experiment}'", cancellationToken);
    }

    public async Task<ArtifactRef> LogArtifactAsync(string runId, string path, Stream content, CancellationToken cancellationToken)
    {
        var artifact = await artifacts.PutAsync(content, cancellationToken).ConfigureAwait(false);
        var id = ArtifactEntity.Id(artifact.Digest, workspace);
        await CommitAsync(
            [new(id, ArtifactEntity.Body(artifact))],
            [new Change.Set(Id(runId), ArtifactPrefix + path, RunReader.Text(artifact)), new Change.Connect(new(Id(runId), ToArtifact, id))],
            $"Logging artifact '{path}' of run '{runId}'",
            cancellationToken).ConfigureAwait(false);
        return artifact;
    }

    public async Task LogParamsAsync(string runId, IReadOnlyDictionary<string, AttributeValue> values, CancellationToken cancellationToken)
    {
        var all = values.ToArray();
        var result = await store.CommitAsync(new(MlopsId.New(), Actor, [.. all.Select(param => new Change.SetOnce(Id(runId), ParamPrefix + param.Key, param.Value))]), cancellationToken).ConfigureAwait(false);
        foreach (var conflict in result.Conflicts)
        {
            throw conflict.Kind == ConflictKind.Attribute
                ? new ConflictException($"Param '{all[conflict.Change].Key}' of run '{runId}' was logged as '{conflict.Actual}' and cannot become '{all[conflict.Change].Value}'. Start another run for another value.")
                : Gone(runId);
        }
    }

    public async Task SetTagAsync(string runId, string tag, string? value, CancellationToken cancellationToken)
    {
        var change = new Change.Set(Id(runId), TagPrefix + tag, value is null ? default(AttributeValue?) : new AttributeValue(value));
        var result = await store.CommitAsync(new(MlopsId.New(), Actor, [change]), cancellationToken).ConfigureAwait(false);
        if (!result.Committed)
        {
            throw Gone(runId);
        }
    }

    public async Task EndAsync(string runId, string experiment, RunState state, string? reason, DateTimeOffset ended, long dropped, CancellationToken cancellationToken)
    {
        var run = Id(runId);
        List<Change> changes =
        [
            new Change.Require(run) { Attribute = State, Equal = Text(RunState.Running) },
            new Change.Set(run, State, Text(state)),
            new Change.Set(run, Ended, ended.ToUnixTimeMilliseconds()),
            new Change.Note(run, RunEnded, Event(experiment, state)) { Why = reason },
        ];
        if (reason is not null)
        {
            changes.Add(new Change.Set(run, Reason, reason));
        }

        if (dropped > 0)
        {
            changes.Add(new Change.Set(run, Dropped, dropped));
        }

        var result = await store.CommitAsync(new(MlopsId.New(), Actor, changes), cancellationToken).ConfigureAwait(false);
        foreach (var conflict in result.Conflicts)
        {
            throw conflict.Kind == ConflictKind.Attribute ? new ConflictException($"Run '{runId}' cannot become {Text(state)}: it is {conflict.Actual} already. Start another run.") : Gone(runId);
        }
    }

    /// <summary>Commits, creating of the shared entities those that are new. Somebody else may create one in between, each at most once; so a few rounds are enough.</summary>
    private async Task CommitAsync(List<Change.Create> shared, Change[] own, string what, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var found = (await store.FindAsync([.. shared.Select(create => create.Id)], EntityParts.None, cancellationToken).ConfigureAwait(false)).OfType<Entity>().Select(entity => entity.Id).ToHashSet();
            Change[] changes = [.. shared.Where(create => found.Add(create.Id)), .. own];
            var result = await store.CommitAsync(new(MlopsId.New(), Actor, changes), cancellationToken).ConfigureAwait(false);
            if (result.Committed)
            {
                return;
            }

            if (result.Conflicts.Any(conflict => conflict.Kind != ConflictKind.Exists))
            {
                throw new NotFoundException($"{what} failed: {result.Conflicts[0].Id} does not exist any more.");
            }
        }

        throw new ConflictException($"{what} met other changes {Attempts} times in a row. Try again.") { IsTransient = true };
    }

    private static NotFoundException Gone(string runId) => new($"Run '{runId}' does not exist any more. Start another run.");

    private static byte[] Event(string experiment, RunState state) =>
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new RunEventRecord(TrackingJson.CurrentRecord, experiment, Text(state)), TrackingJson.Default.RunEventRecord);
}
