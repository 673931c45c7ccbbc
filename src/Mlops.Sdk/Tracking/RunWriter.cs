using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Tracking.TrackingEntities;

namespace Mlops.Sdk.Tracking;

/// <summary>The changesets of a run that is being written. Each is guarded by the lease.</summary>
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
    public Task CreateAsync(RunLease lease, RunRecord record, RunOptions options, IReadOnlyDictionary<string, ArtifactRef> files, CancellationToken cancellationToken)
    {
        var run = lease.Run;
        var experiment = ExperimentId(workspace, record.Experiment);
        var attributes = files.ToDictionary(file => ArtifactPrefix + file.Key, file => RunReader.Text(file.Value), StringComparer.Ordinal);
        attributes[ExperimentName] = record.Experiment;
        attributes[StartedBy] = record.Actor;
        attributes[State] = Text(RunState.Running);
        attributes[Owner] = lease.Owner;
        if (record.Name is not null)
        {
            attributes[Name] = record.Name;
        }

        List<Change.Create> shared =
        [
            new(experiment, TrackingJson.Body(new ExperimentRecord(record.Experiment), TrackingJson.Default.ExperimentRecord)),
            .. files.Values.Select(file => new Change.Create(ArtifactEntity.Id(file.Digest, workspace), ArtifactEntity.Body(file))),
            .. options.Inputs.Select(input => new Change.Create(DatasetId(workspace, input), TrackingJson.Body(new DatasetRecord(input.Name, input.Rows), TrackingJson.Default.DatasetRecord)) { Attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { [Name] = input.Name } }),
        ];
        List<Change> own =
        [
            new Change.Create(run, TrackingJson.Body(record, TrackingJson.Default.RunRecord)) { Attributes = attributes },
            new Change.Connect(new(run, ToExperiment, experiment)),
            .. files.Values.Select(file => new Change.Connect(new(run, ToArtifact, ArtifactEntity.Id(file.Digest, workspace)))),
            .. options.Inputs.Select(input => new Change.Connect(new(run, InputPrefix + Text(input.Role), DatasetId(workspace, input)))),
            new Change.Note(run, RunStarted, RunEvent.Body(record.Experiment, RunState.Running)),
        ];
        if (options.Parent is not null)
        {
            attributes[Parent] = options.Parent;
            own.Insert(0, new Change.Require(Id(options.Parent)) { Attribute = Deleted });
            own.Add(new Change.Connect(new(run, ToParent, Id(options.Parent))));
        }

        return CommitAsync(shared, own, $"Starting a run of '{record.Experiment}'", cancellationToken);
    }

    /// <summary>Hands the run over to the lease, unless its writer gave a sign of life or somebody else was first.</summary>
    public async Task ResumeAsync(RunLease lease, Entity run, byte[] note, ArtifactRef? diff, CancellationToken cancellationToken)
    {
        List<Change> changes =
        [
            new Change.Require(run.Id) { UnmodifiedSince = run.Modified },
            new Change.Set(run.Id, Owner, lease.Owner),
            new Change.Set(run.Id, State, Text(RunState.Running)),
            new Change.Set(run.Id, Ended, null),
            new Change.Set(run.Id, Reason, null),
            new Change.Note(run.Id, RunResumed, note),
        ];
        var result = await store.CommitAsync(new(MlopsId.New(), Actor, changes), cancellationToken).ConfigureAwait(false);
        foreach (var conflict in result.Conflicts)
        {
            throw conflict.Kind == ConflictKind.Missing ? Lost(conflict, $"Resuming run '{lease.RunId}'")
                : new ConflictException($"Run '{lease.RunId}' was not resumed: its writer gave a sign of life, or somebody else resumed, ended or deleted it first. Read it again.");
        }
    }

    public async Task<ArtifactRef> LogArtifactAsync(RunLease lease, string path, Stream content, CancellationToken cancellationToken)
    {
        var artifact = await artifacts.PutAsync(content, cancellationToken).ConfigureAwait(false);
        var id = ArtifactEntity.Id(artifact.Digest, workspace);
        await CommitAsync(
            [new(id, ArtifactEntity.Body(artifact))],
            [lease.Guard, new Change.Set(lease.Run, ArtifactPrefix + path, RunReader.Text(artifact)), new Change.Connect(new(lease.Run, ToArtifact, id))],
            $"Logging artifact '{path}'",
            cancellationToken).ConfigureAwait(false);
        lease.Seen();
        return artifact;
    }

    public async Task LogParamsAsync(RunLease lease, IReadOnlyDictionary<string, AttributeValue> values, CancellationToken cancellationToken)
    {
        var all = values.ToArray();
        var conflict = await CommitAsync(lease, MlopsId.New(), [.. all.Select(param => new Change.SetOnce(lease.Run, ParamPrefix + param.Key, param.Value))], cancellationToken).ConfigureAwait(false);
        if (conflict is not null)
        {
            var (name, value) = all[conflict.Change - 1];
            throw new ConflictException($"Param '{name}' of run '{lease.RunId}' was logged as '{conflict.Actual}' and cannot become '{value}'. Start another run for another value.");
        }
    }

    public Task SetTagAsync(RunLease lease, string tag, string? value, CancellationToken cancellationToken) =>
        CommitAsync(lease, MlopsId.New(), [new Change.Set(lease.Run, TagPrefix + tag, value is null ? default(AttributeValue?) : new AttributeValue(value))], cancellationToken);

    public Task TouchAsync(RunLease lease, CancellationToken cancellationToken) => CommitAsync(lease, MlopsId.New(), [new Change.Touch(lease.Run)], cancellationToken);

    /// <summary>Appends points. They are no sign of life, because they may be stored at a cheaper durability.</summary>
    public async Task AppendAsync(RunLease lease, Guid id, IReadOnlyList<MetricPoint> points, CancellationToken cancellationToken)
    {
        var result = await store.CommitAsync(new(id, Actor, [lease.Guard, new Change.Append(lease.Run, points)]), cancellationToken).ConfigureAwait(false);
        if (!result.Committed)
        {
            throw Lost(result.Conflicts[0], $"Writing run '{lease.RunId}'");
        }
    }

    public async Task EndAsync(RunLease lease, RunEnd end, CancellationToken cancellationToken)
    {
        List<Change> changes =
        [
            new Change.Require(lease.Run) { Attribute = State, Equal = Text(RunState.Running) },
            new Change.Set(lease.Run, State, Text(end.State)),
            new Change.Set(lease.Run, Ended, end.At.ToUnixTimeMilliseconds()),
            new Change.Note(lease.Run, RunEnded, RunEvent.Body(end.Experiment, end.State)) { Why = end.Reason },
        ];
        if (end.Reason is not null)
        {
            changes.Add(new Change.Set(lease.Run, Reason, end.Reason));
        }

        if (end.Dropped > 0)
        {
            changes.Add(new Change.Set(lease.Run, Dropped, end.Dropped));
        }

        if (await CommitAsync(lease, end.Id, changes, cancellationToken).ConfigureAwait(false) is { } conflict)
        {
            throw new ConflictException($"Run '{lease.RunId}' cannot become {Text(end.State)}: it is {conflict.Actual} already. Resume it to go on.");
        }
    }

    /// <summary>Commits what only the owner may write. Returns what is in conflict beside the lease.</summary>
    private async Task<Conflict?> CommitAsync(RunLease lease, Guid id, IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var result = await store.CommitAsync(new(id, Actor, [lease.Guard, .. changes]), cancellationToken).ConfigureAwait(false);
        if (result.Committed)
        {
            lease.Seen();
            return null;
        }

        return result.Conflicts[0].Change > 0 ? result.Conflicts[0] : throw Lost(result.Conflicts[0], $"Writing run '{lease.RunId}'");
    }

    /// <summary>Commits, creating of the shared entities those that are new. Somebody else may create one in between, each at most once; so a few rounds are enough.</summary>
    private async Task CommitAsync(List<Change.Create> shared, IReadOnlyList<Change> own, string what, CancellationToken cancellationToken)
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

            if (result.Conflicts.FirstOrDefault(conflict => conflict.Kind != ConflictKind.Exists) is { } conflict)
            {
                throw Lost(conflict, what);
            }
        }

        throw new ConflictException($"{what} met other changes {Attempts} times in a row. Try again.") { IsTransient = true };
    }

    private static MlopsException Lost(Conflict conflict, string what) => conflict.Kind == ConflictKind.Attribute
        ? new ConflictException($"{what} failed: {conflict.Id} was meanwhile resumed or deleted by somebody else. Nothing was written.")
        : new NotFoundException($"{what} failed: {conflict.Id} does not exist any more. Start another run.");
}
