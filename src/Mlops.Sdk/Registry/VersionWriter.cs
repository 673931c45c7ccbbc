using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>Registers versions.</summary>
internal sealed class VersionWriter(RegistrySpine spine, IArtifactStore artifacts)
{
    private const int MaxKey = 1000;
    private readonly string workspace = spine.Workspace;

    public async Task<ModelVersion> RegisterAsync(ModelRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        Check(registration);
        var package = await ModelPackage.OpenAsync(artifacts, registration.Package, cancellationToken).ConfigureAwait(false);
        var gateReport = registration.GateReport ?? package.Manifest.GateReport;
        var actor = spine.Actor;
        var record = new VersionRecord(registration.Model, package.Digest, package.Manifest.ModelDigest, package.Manifest.Runtime, actor)
        {
            GateReport = gateReport,
            Run = registration.Run is { } run ? new(run.Kind, run.Key, run.Workspace) : null,
            Commit = registration.Commit,
            Inputs = package.Manifest.Datasets.Count == 0 ? null : [.. package.Manifest.Datasets.Select(dataset => new InputRecord(dataset.Role, dataset.Digest, dataset.Rows))],
        };
        List<(string Relation, Change.Create Part)> parts = [(ToPackage, await ArtifactAsync(package.Digest, cancellationToken).ConfigureAwait(false))];
        if (gateReport is { } report)
        {
            parts.Add((ToGateReport, await ArtifactAsync(report, cancellationToken).ConfigureAwait(false)));
        }

        parts.AddRange(package.Manifest.Datasets.Select(dataset => Dataset(registration.Model, dataset)));

        // Somebody else may create the model or a part between the read and the commit, each at most once; so a few rounds are enough.
        for (var attempt = 0; attempt < RegistrySpine.Attempts; attempt++)
        {
            var prepared = await PrepareAsync(registration, record, parts, cancellationToken).ConfigureAwait(false);
            if (prepared is not { } ready)
            {
                return await GetRegisteredAsync(registration, cancellationToken).ConfigureAwait(false);
            }

            var result = await spine.CommitAsync(actor, ready.Changes, cancellationToken).ConfigureAwait(false);
            if (result.Committed)
            {
                return RegistryReader.Version(ready.Record, RegistryReader.Number(Split(result.Created[^1]).Last), result.At) with
                {
                    Description = registration.Description is "" ? null : registration.Description,
                    Owner = registration.Owner is "" ? null : registration.Owner,
                    Tags = registration.Tags,
                };
            }
        }

        throw RegistrySpine.Busy($"Registering a version of model '{registration.Model}'");
    }

    /// <summary>Null when the idempotency key was used already.</summary>
    private async Task<(List<Change> Changes, VersionRecord Record)?> PrepareAsync(ModelRegistration registration, VersionRecord record, List<(string Relation, Change.Create Part)> parts, CancellationToken cancellationToken)
    {
        var model = ModelId(workspace, registration.Model);
        var key = registration.IdempotencyKey is { } text ? RegistrationId(workspace, registration.Model, text) : default(EntityId?);
        EntityId?[] optional = [registration.Run, key];
        var entities = (await spine.Store.FindAsync([model, .. parts.Select(part => part.Part.Id), .. optional.OfType<EntityId>()], EntityParts.Body, cancellationToken).ConfigureAwait(false)).OfType<Entity>().ToList();
        var found = entities.Select(entity => entity.Id).ToHashSet();
        if (key is { } used && found.Contains(used))
        {
            return null;
        }

        record = record with { Commit = record.Commit ?? (entities.Find(entity => entity.Id == registration.Run) is { } made ? RunReader.FindCommit(made) : null) };
        var changes = new List<Change>();
        if (found.Add(model))
        {
            changes.Add(new Change.Create(model, RegistryJson.Body(new ModelRecord(registration.Model), RegistryJson.Default.ModelRecord)));
        }

        changes.AddRange(parts.Select(part => part.Part).Where(part => found.Add(part.Id)));
        if (key is { } fresh)
        {
            changes.Add(new Change.Create(fresh, RegistryJson.Body(new RegistrationRecord(registration.Model, registration.IdempotencyKey!), RegistryJson.Default.RegistrationRecord)));
        }

        var version = EntityId.CreatedBy(changes.Count);
        changes.Add(new Change.CreateNumbered(VersionKind, model, RegistryJson.Body(record, RegistryJson.Default.VersionRecord)) { Attributes = Attributes(registration, record) });
        changes.AddRange(parts.Select(part => new Change.Connect(new(version, part.Relation, part.Part.Id))));
        if (registration.Run is { } run && found.Contains(run))
        {
            changes.Add(new Change.Connect(new(version, ToRun, run)));
        }

        if (key is { } keyed)
        {
            changes.Add(new Change.Connect(new(keyed, ToVersion, version)));
        }

        changes.Add(RegistrySpine.Note(version, VersionRegistered));
        return (changes, record);
    }

    private static Dictionary<string, AttributeValue> Attributes(ModelRegistration registration, VersionRecord record)
    {
        var attributes = registration.Tags.ToDictionary(tag => TagPrefix + tag.Key, tag => new AttributeValue(tag.Value), StringComparer.Ordinal);
        attributes["model"] = record.Model;
        attributes["package"] = record.Package.ToString();
        attributes["modelDigest"] = record.ModelDigest.ToString();
        attributes["runtime"] = record.Runtime;
        (string Name, string? Value)[] optional = [(Description, registration.Description), (Owner, registration.Owner), ("commit", record.Commit)];
        foreach (var (name, value) in optional)
        {
            if (!string.IsNullOrEmpty(value))
            {
                attributes[name] = value;
            }
        }

        return attributes;
    }

    private async Task<ModelVersion> GetRegisteredAsync(ModelRegistration registration, CancellationToken cancellationToken)
    {
        var key = RegistrationId(workspace, registration.Model, registration.IdempotencyKey!);
        var links = await spine.Store.LinksAsync(new([key], LinkDirection.Out) { Relation = ToVersion, Limit = 1 }, cancellationToken).ConfigureAwait(false);
        var made = await spine.FindAsync(links.Items[0].To, EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
        return RegistryReader.Version(made!)
            ?? throw new ConflictException($"Version {Split(made!.Id).Last} of model '{registration.Model}', which this idempotency key made, was deleted. Restore it with RestoreVersionAsync, or register with another key.");
    }

    private async Task<Change.Create> ArtifactAsync(Digest digest, CancellationToken cancellationToken) =>
        await artifacts.FindAsync(digest, cancellationToken).ConfigureAwait(false) is { } artifact
            ? new(ArtifactEntity.Id(digest, workspace), ArtifactEntity.Body(artifact))
            : throw new NotFoundException($"The artifact store has no gate report {digest}. Store the report first, in the store that this host uses.");

    private (string Relation, Change.Create Part) Dataset(string model, ModelDataset dataset)
    {
        RegistryNames.CheckLine(dataset.Role, "role of a data set");
        var body = TrackingJson.Body(new DatasetRecord($"{model} ({dataset.Role})", dataset.Rows), TrackingJson.Default.DatasetRecord);
        return (InputPrefix + dataset.Role, new(new(TrackingEntities.DatasetKind, dataset.Digest.ToString(), workspace), body));
    }

    private static void Check(ModelRegistration registration)
    {
        RegistryNames.Check(registration.Model, nameof(registration.Model));
        foreach (var tag in registration.Tags.Keys)
        {
            RegistryNames.Check(tag, nameof(registration.Tags));
        }

        RegistryNames.CheckText(registration.Description, "description");
        RegistryNames.CheckLine(registration.Owner, "owner");
        RegistryNames.CheckLine(registration.Commit, "commit");
        if (registration.IdempotencyKey?.Length > MaxKey)
        {
            throw new ArgumentException($"The idempotency key has {registration.IdempotencyKey.Length} characters; at most {MaxKey} are kept. Use StepContext.IdempotencyKey, or a digest of yours.", nameof(registration));
        }
    }
}
