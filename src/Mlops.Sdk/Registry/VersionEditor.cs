using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>Edits models and versions, deletes and restores versions. False means that there is no such thing.</summary>
internal sealed class VersionEditor(RegistrySpine spine)
{
    public Task<bool> EditModelAsync(string model, ModelEdit edit, CancellationToken cancellationToken)
    {
        var id = ModelId(spine.Workspace, model);
        return EditAsync(id, new Change.Require(id), edit, ModelTagged, ModelEdited, cancellationToken);
    }

    public Task<bool> EditVersionAsync(string model, int version, ModelEdit edit, CancellationToken cancellationToken)
    {
        var id = VersionId(spine.Workspace, model, version);
        return EditAsync(id, RegistrySpine.Alive(id), edit, VersionTagged, VersionEdited, cancellationToken);
    }

    public async Task<bool> DeleteAsync(string model, int version, string? why, CancellationToken cancellationToken)
    {
        var id = VersionId(spine.Workspace, model, version);
        for (var attempt = 0; attempt < RegistrySpine.Attempts; attempt++)
        {
            if (await spine.FindAsync(id, EntityParts.Attributes, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                return false;
            }

            if (found.Attributes!.ContainsKey(Deleted))
            {
                return true;
            }

            var links = await spine.Store.LinksAsync(new([id], LinkDirection.In) { Relation = ToVersion }, cancellationToken).ConfigureAwait(false);
            var aliases = links.Items.Where(link => link.From.Kind == AliasKind).Select(link => $"'{Split(link.From).Last}'").ToList();
            if (aliases.Count > 0)
            {
                throw new ConflictException($"Version {version} of model '{model}' cannot be deleted: the alias {string.Join(" and ", aliases)} points at it. Move or remove the alias first.");
            }

            // Every move touches the version that it points at, so a move after the look at the links makes this fail.
            var result = await spine.CommitAsync(
                spine.Actor,
                [new Change.Require(id) { UnmodifiedSince = found.Modified }, new Change.Set(id, Deleted, 1), RegistrySpine.Note(id, VersionDeleted, why)],
                cancellationToken).ConfigureAwait(false);
            if (result.Committed)
            {
                return true;
            }
        }

        throw RegistrySpine.Busy($"Deleting version {version} of model '{model}'");
    }

    public async Task<bool> RestoreAsync(string model, int version, string? why, CancellationToken cancellationToken)
    {
        var id = VersionId(spine.Workspace, model, version);
        var result = await spine.CommitAsync(
            spine.Actor,
            [new Change.Require(id) { Attribute = Deleted, Equal = 1 }, new Change.Set(id, Deleted, null), RegistrySpine.Note(id, VersionRestored, why)],
            cancellationToken).ConfigureAwait(false);
        return result.Committed || result.Conflicts[0].Kind != ConflictKind.Missing;
    }

    private async Task<bool> EditAsync(EntityId id, Change.Require guard, ModelEdit edit, string tagged, string edited, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(edit);
        RegistryNames.CheckText(edit.Description, "description");
        RegistryNames.CheckLine(edit.Owner, "owner");
        List<Change> changes = [guard];
        (string Name, string? Value)[] fields = [(Description, edit.Description), (Owner, edit.Owner)];
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                changes.Add(new Change.Set(id, name, value));
                changes.Add(RegistrySpine.Note(id, edited, field: name));
            }
        }

        foreach (var (tag, value) in edit.Tags)
        {
            changes.Add(new Change.Set(id, TagPrefix + RegistryNames.Check(tag, nameof(edit.Tags)), value is null ? default(AttributeValue?) : new AttributeValue(value)));
            changes.Add(RegistrySpine.Note(id, tagged, tag: tag));
        }

        return (await spine.CommitAsync(spine.Actor, changes, cancellationToken).ConfigureAwait(false)).Committed;
    }
}
