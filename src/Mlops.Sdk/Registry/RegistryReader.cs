using System.Collections.Frozen;
using System.Globalization;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>Stored things as the registry's records.</summary>
internal static class RegistryReader
{
    /// <summary>Needs the attributes.</summary>
    public static RegisteredModel Model(Entity entity)
    {
        Dictionary<string, string>? tags = null;
        foreach (var (name, value) in entity.Attributes!)
        {
            AddTag(ref tags, name, value);
        }

        return new(RegistryJson.Read(entity, RegistryJson.Default.ModelRecord).Name, entity.Created)
        {
            Description = Filled(entity.Attributes.GetValueOrDefault(Description).Text),
            Owner = Filled(entity.Attributes.GetValueOrDefault(Owner).Text),
            Tags = tags ?? (IReadOnlyDictionary<string, string>)FrozenDictionary<string, string>.Empty,
        };
    }

    /// <summary>Null when it is deleted. Needs the attributes.</summary>
    public static ModelVersion? Version(Entity entity)
    {
        string? description = null, owner = null, approval = null;
        Dictionary<string, string>? tags = null;
        foreach (var (name, value) in entity.Attributes!)
        {
            switch (name)
            {
                case Deleted:
                    return null;
                case Description:
                    description = value.Text;
                    break;
                case Owner:
                    owner = value.Text;
                    break;
                case Approval:
                    approval = value.Text;
                    break;
                default:
                    AddTag(ref tags, name, value);
                    break;
            }
        }

        var record = RegistryJson.Read(entity, RegistryJson.Default.VersionRecord);
        return Version(record, Number(Split(entity.Id).Last), entity.Created) with
        {
            Description = description is null ? record.Description : Filled(description),
            Owner = Filled(owner),
            Approval = approval is null ? null : ApprovalRules.Parse(approval),
            Tags = tags ?? (IReadOnlyDictionary<string, string>)FrozenDictionary<string, string>.Empty,
        };
    }

    public static ModelVersion Version(VersionRecord record, int number, DateTimeOffset created) => new(record.Model, number, record.Package, record.ModelDigest, created, record.Actor)
    {
        Runtime = record.Runtime,
        GateReport = record.GateReport,
        Run = record.Run is { } run ? new EntityId(run.Kind, run.Key, run.Workspace) : null,
        Commit = record.Commit,
        Datasets = record.Inputs is { } inputs ? [.. inputs.Select(input => new ModelDataset(input.Role, input.Digest, input.Rows))] : [],
    };

    /// <summary>Null when it points nowhere.</summary>
    public static ModelAlias? Alias(Entity entity)
    {
        var record = RegistryJson.Read(entity, RegistryJson.Default.AliasRecord);
        return record.Version == 0 ? null : new(record.Model, record.Alias, record.Version, entity.Revision, entity.Modified);
    }

    /// <summary>Null for an event of a type that this version of the library does not know.</summary>
    public static ModelEvent? Event(StoredEvent stored)
    {
        if (stored.Type is not (VersionRegistered or VersionTagged or VersionEdited or VersionDeleted or VersionRestored or ModelTagged or ModelEdited or AliasMoved or AliasRemoved
            or ApprovalRequested or ApprovalApproved or ApprovalRejected))
        {
            return null;
        }

        var record = RegistryJson.Read(stored.Body.Span, RegistryJson.Default.RegistryEventRecord, stored.Subject);
        var (model, rest) = Split(stored.Subject);
        return new(stored.Position, stored.At, stored.Actor, stored.Type, model)
        {
            Version = stored.Subject.Kind == VersionKind ? Number(rest) : record.Version,
            Alias = stored.Subject.Kind == AliasKind ? rest : null,
            Previous = record.Previous,
            Tag = record.Tag,
            Field = record.Field,
            Why = stored.Why,
        };
    }

    public static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static void AddTag(ref Dictionary<string, string>? tags, string name, AttributeValue value)
    {
        if (name.StartsWith(TagPrefix, StringComparison.Ordinal) && value.Text is { } text)
        {
            (tags ??= new(StringComparer.Ordinal)).Add(name[TagPrefix.Length..], text);
        }
    }
}
