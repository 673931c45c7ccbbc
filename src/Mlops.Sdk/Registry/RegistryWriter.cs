using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>The changesets of the registry.</summary>
internal sealed class RegistryWriter(IMetadataStore metadata, IArtifactStore artifacts, IActorAccessor actors, string workspace, TimeProvider clock)
{
    private const int MaxDescription = 4000;
    private const int Attempts = 8;

    public async Task<ModelVersion> RegisterAsync(ModelRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        Check(registration);
        var package = await ModelPackage.OpenAsync(artifacts, registration.Package, cancellationToken).ConfigureAwait(false);
        var gateReport = registration.GateReport ?? package.Manifest.GateReport;
        var actor = actors.Actor;
        var record = new VersionRecord(registration.Model, package.Digest, package.Manifest.ModelDigest, package.Manifest.Runtime, actor)
        {
            GateReport = gateReport,
            Run = registration.Run is { } run ? new(run.Kind, run.Key, run.Workspace) : null,
            Description = registration.Description,
        };
        List<(string Relation, ArtifactRef Artifact)> parts = [(ToPackage, await GetArtifactAsync(package.Digest, cancellationToken).ConfigureAwait(false))];
        if (gateReport is { } report)
        {
            parts.Add((ToGateReport, await GetArtifactAsync(report, cancellationToken).ConfigureAwait(false)));
        }

        // Somebody else may create the model or an artifact between the read and the commit, each at most once; so a few rounds are enough.
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var changes = await PrepareAsync(registration, record, parts, cancellationToken).ConfigureAwait(false);
            if (changes is null)
            {
                return await GetRegisteredAsync(registration, cancellationToken).ConfigureAwait(false);
            }

            var result = await CommitAsync(new(MlopsId.New(), actor, changes), cancellationToken).ConfigureAwait(false);
            if (result.Committed)
            {
                var number = int.Parse(Split(result.Created[^1]).Last, NumberStyles.None, CultureInfo.InvariantCulture);
                return RegistryReader.Version(record, number, result.At) with { Tags = registration.Tags };
            }
        }

        throw new ConflictException($"Registering a version of model '{registration.Model}' met other changes {Attempts} times in a row. Try again.") { IsTransient = true };
    }

    /// <summary>Null when somebody else moved the alias first, or when there is no such version.</summary>
    public async Task<ModelAlias?> MoveAsync(string model, string alias, int version, ModelAlias? expected, string? why, CancellationToken cancellationToken)
    {
        var actor = actors.Actor;
        var id = AliasId(workspace, model, alias);
        var target = VersionId(workspace, model, version);
        var body = RegistryJson.Body(new AliasRecord(model, alias, version), RegistryJson.Default.AliasRecord);
        var attributes = new Dictionary<string, AttributeValue> { ["model"] = model, ["alias"] = alias, ["version"] = version };
        List<Change> changes =
        [
            new Change.Require(target),
            expected is null ? new Change.Create(id, body) { Attributes = attributes } : new Change.Put(id, expected.Revision, body) { Attributes = attributes },
        ];
        if (expected is not null && expected.Version != version)
        {
            changes.Add(new Change.Disconnect(new(id, ToVersion, VersionId(workspace, model, expected.Version))));
        }

        changes.Add(new Change.Connect(new(id, ToVersion, target)));
        changes.Add(new Change.Note(id, AliasMoved, Event(new(RegistryJson.CurrentRecord, version, expected?.Version))) { Why = why });

        // The same move is the same changeset, so that whoever does not know whether it happened may simply ask again.
        var identity = string.Create(CultureInfo.InvariantCulture, $"{AliasMoved}\0{workspace}\0{model}\0{alias}\0{version}\0{expected?.Revision ?? 0}\0{actor}\0{why}");
        var result = await CommitAsync(new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 16)), actor, changes), cancellationToken).ConfigureAwait(false);
        return result.Committed ? new(model, alias, version, (expected?.Revision ?? 0) + 1, result.At) : null;
    }

    /// <summary>False when there is no such version.</summary>
    public async Task<bool> TagAsync(string model, int version, string tag, string? value, CancellationToken cancellationToken)
    {
        var id = VersionId(workspace, model, version);
        var result = await CommitAsync(
            new(MlopsId.New(), actors.Actor,
            [
                new Change.Set(id, TagPrefix + tag, value is null ? default(AttributeValue?) : new AttributeValue(value)),
                new Change.Note(id, VersionTagged, Event(new(RegistryJson.CurrentRecord, Tag: tag))),
            ]),
            cancellationToken).ConfigureAwait(false);
        return result.Committed;
    }

    /// <summary>Null when the idempotency key was used already.</summary>
    private async Task<List<Change>?> PrepareAsync(ModelRegistration registration, VersionRecord record, List<(string Relation, ArtifactRef Artifact)> parts, CancellationToken cancellationToken)
    {
        var model = ModelId(workspace, registration.Model);
        var key = registration.IdempotencyKey is { } text ? RegistrationId(workspace, registration.Model, text) : default(EntityId?);
        List<EntityId> asked = [model, .. parts.Select(part => ArtifactEntity.Id(part.Artifact.Digest, workspace))];
        EntityId?[] optional = [registration.Run, key];
        var found = (await metadata.FindAsync([.. asked, .. optional.OfType<EntityId>()], EntityParts.None, cancellationToken).ConfigureAwait(false))
            .OfType<Entity>().Select(entity => entity.Id).ToHashSet();
        if (key is { } used && found.Contains(used))
        {
            return null;
        }

        var changes = new List<Change>();
        if (found.Add(model))
        {
            changes.Add(new Change.Create(model, RegistryJson.Body(new ModelRecord(registration.Model), RegistryJson.Default.ModelRecord)));
        }

        foreach (var (_, artifact) in parts)
        {
            if (found.Add(ArtifactEntity.Id(artifact.Digest, workspace)))
            {
                changes.Add(new Change.Create(ArtifactEntity.Id(artifact.Digest, workspace), ArtifactEntity.Body(artifact)));
            }
        }

        if (key is { } fresh)
        {
            changes.Add(new Change.Create(fresh, RegistryJson.Body(new RegistrationRecord(registration.Model, registration.IdempotencyKey!), RegistryJson.Default.RegistrationRecord)));
        }

        var attributes = registration.Tags.ToDictionary(tag => TagPrefix + tag.Key, tag => new AttributeValue(tag.Value), StringComparer.Ordinal);
        attributes["model"] = record.Model;
        attributes["package"] = record.Package.ToString();
        attributes["modelDigest"] = record.ModelDigest.ToString();
        attributes["runtime"] = record.Runtime;
        var version = EntityId.CreatedBy(changes.Count);
        changes.Add(new Change.CreateNumbered(VersionKind, model, RegistryJson.Body(record, RegistryJson.Default.VersionRecord)) { Attributes = attributes });
        changes.AddRange(parts.Select(part => new Change.Connect(new(version, part.Relation, ArtifactEntity.Id(part.Artifact.Digest, workspace)))));
        if (registration.Run is { } run && found.Contains(run))
        {
            changes.Add(new Change.Connect(new(version, ToRun, run)));
        }

        if (key is { } made)
        {
            changes.Add(new Change.Connect(new(made, ToVersion, version)));
        }

        changes.Add(new Change.Note(version, VersionRegistered, Event(new(RegistryJson.CurrentRecord))));
        return changes;
    }

    private async Task<ModelVersion> GetRegisteredAsync(ModelRegistration registration, CancellationToken cancellationToken)
    {
        var key = RegistrationId(workspace, registration.Model, registration.IdempotencyKey!);
        var links = await metadata.LinksAsync(new([key], LinkDirection.Out) { Relation = ToVersion, Limit = 1 }, cancellationToken).ConfigureAwait(false);
        var made = await metadata.FindAsync([links.Items[0].To], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
        return RegistryReader.Version(made[0]!);
    }

    private async Task<ArtifactRef> GetArtifactAsync(Digest digest, CancellationToken cancellationToken) =>
        await artifacts.FindAsync(digest, cancellationToken).ConfigureAwait(false)
            ?? throw new NotFoundException($"The artifact store has no gate report {digest}. Store the report first, in the store that this host uses.");

    private async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await metadata.CommitAsync(changeset, cancellationToken).ConfigureAwait(false);
            }
            catch (MlopsException e) when (e.IsTransient && attempt < Attempts)
            {
                // The outcome may be unknown; the changeset's id makes the retry safe.
                await Task.Delay(TimeSpan.FromMilliseconds(20 << attempt), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static byte[] Event(RegistryEventRecord record) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(record, RegistryJson.Default.RegistryEventRecord);

    private static void Check(ModelRegistration registration)
    {
        RegistryNames.Check(registration.Model, nameof(registration.Model));
        foreach (var tag in registration.Tags.Keys)
        {
            RegistryNames.Check(tag, nameof(registration.Tags));
        }

        if (registration.Description?.Length > MaxDescription)
        {
            throw new ArgumentException($"The description has {registration.Description.Length} characters; at most {MaxDescription} are kept. Put more into the package's card.", nameof(registration));
        }
    }
}
