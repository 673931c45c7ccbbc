using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>Moves and removes aliases.</summary>
internal sealed class AliasMover(RegistrySpine spine, Approvals approvals)
{
    private readonly string workspace = spine.Workspace;

    /// <summary>Null when somebody else moved the alias first, or when there is no such version.</summary>
    public async Task<ModelAlias?> MoveAsync(string model, string alias, int version, ModelAlias? expected, string? why, CancellationToken cancellationToken)
    {
        var actor = spine.Actor;
        var id = AliasId(workspace, model, alias);
        for (var attempt = 0; attempt < RegistrySpine.Attempts; attempt++)
        {
            var entity = await spine.FindAsync(id, EntityParts.Body, cancellationToken).ConfigureAwait(false);
            var (now, revision) = entity is null ? (null, 0) : (RegistryReader.Alias(entity), entity.Revision);

            // The store answers a repeated move as it did the first time. That is right for a lost answer, but not when others have moved the alias on since.
            var start = expected?.Revision ?? (now is null ? revision : revision - 1);
            var mayBeDone = revision == start + 1 && now?.Version == version;
            if (!mayBeDone && revision != start)
            {
                return null;
            }

            var (found, guard) = mayBeDone ? (true, null) : await approvals.GuardAsync(model, alias, version, cancellationToken).ConfigureAwait(false);
            if (!found)
            {
                return null;
            }

            var result = await spine.CommitAsync(
                Identity($"{AliasMoved}\0{workspace}\0{model}\0{alias}\0{version}\0{start}\0{(expected is null ? "nowhere" : "")}\0{actor}\0{why}"),
                actor,
                [.. guard is null ? [] : new Change[] { guard }, .. Move(id, model, alias, version, start, expected?.Version, why)],
                cancellationToken).ConfigureAwait(false);
            if (result.Committed)
            {
                return new(model, alias, version, start + 1, result.At);
            }

            // A changed approval is looked at again; everything else is for the caller to decide.
            if (guard is null || result.Conflicts.Any(conflict => conflict.Id != guard.Id))
            {
                return null;
            }
        }

        throw RegistrySpine.Busy($"Moving alias '{alias}' of model '{model}'");
    }

    /// <summary>False when somebody else moved or removed the alias first.</summary>
    public async Task<bool> RemoveAsync(ModelAlias alias, string? why, CancellationToken cancellationToken)
    {
        var actor = spine.Actor;
        var id = AliasId(workspace, alias.Model, alias.Alias);
        var entity = await spine.FindAsync(id, EntityParts.Body, cancellationToken).ConfigureAwait(false);
        var mayBeDone = entity is not null && entity.Revision == alias.Revision + 1 && RegistryReader.Alias(entity) is null;
        if (entity is null || (entity.Revision != alias.Revision && !mayBeDone))
        {
            return false;
        }

        var result = await spine.CommitAsync(
            Identity($"{AliasRemoved}\0{workspace}\0{alias.Model}\0{alias.Alias}\0{alias.Revision}\0{actor}\0{why}"),
            actor,
            [
                new Change.Put(id, alias.Revision, RegistryJson.Body(new AliasRecord(alias.Model, alias.Alias, 0), RegistryJson.Default.AliasRecord)),
                new Change.Set(id, "version", null),
                new Change.Disconnect(new(id, ToVersion, VersionId(workspace, alias.Model, alias.Version))),
                RegistrySpine.Note(id, AliasRemoved, why, previous: alias.Version),
            ],
            cancellationToken).ConfigureAwait(false);
        return result.Committed;
    }

    private IEnumerable<Change> Move(EntityId id, string model, string alias, int version, long start, int? previous, string? why)
    {
        var target = VersionId(workspace, model, version);
        var body = RegistryJson.Body(new AliasRecord(model, alias, version), RegistryJson.Default.AliasRecord);
        var attributes = new Dictionary<string, AttributeValue> { ["model"] = model, ["alias"] = alias, ["version"] = version };
        yield return RegistrySpine.Alive(target);
        yield return start == 0 ? new Change.Create(id, body) { Attributes = attributes } : new Change.Put(id, start, body) { Attributes = attributes };
        if (previous is { } left && left != version)
        {
            yield return new Change.Disconnect(new(id, ToVersion, VersionId(workspace, model, left)));
        }

        yield return new Change.Connect(new(id, ToVersion, target));

        // So that whoever is about to delete the version sees that something happened to it.
        yield return new Change.Touch(target);
        yield return RegistrySpine.Note(id, AliasMoved, why, version, previous);
    }

    /// <summary>The same move is the same changeset, so that whoever does not know whether it happened may simply ask again.</summary>
    private static Guid Identity(FormattableString move) => new(SHA256.HashData(Encoding.UTF8.GetBytes(move.ToString(CultureInfo.InvariantCulture))).AsSpan(0, 16));
}
