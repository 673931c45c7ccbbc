using System.Globalization;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Registry;

/// <summary>Stored things as the registry's records.</summary>
internal static class RegistryReader
{
    public static RegisteredModel Model(Entity entity) => new(RegistryJson.Read(entity, RegistryJson.Default.ModelRecord).Name, entity.Created);

    /// <summary>Needs the attributes.</summary>
    public static ModelVersion Version(Entity entity)
    {
        var record = RegistryJson.Read(entity, RegistryJson.Default.VersionRecord);
        var number = int.Parse(RegistryEntities.Split(entity.Id).Last, NumberStyles.None, CultureInfo.InvariantCulture);
        return Version(record, number, entity.Created) with
        {
            Tags = entity.Attributes!
                .Where(a => a.Key.StartsWith(RegistryEntities.TagPrefix, StringComparison.Ordinal) && a.Value.Text is not null)
                .ToDictionary(a => a.Key[RegistryEntities.TagPrefix.Length..], a => a.Value.Text!, StringComparer.Ordinal),
        };
    }

    public static ModelVersion Version(VersionRecord record, int number, DateTimeOffset created) => new(record.Model, number, record.Package, record.ModelDigest, created, record.Actor)
    {
        Runtime = record.Runtime,
        GateReport = record.GateReport,
        Run = record.Run is { } run ? new EntityId(run.Kind, run.Key, run.Workspace) : null,
        Description = record.Description,
    };

    public static ModelAlias Alias(Entity entity)
    {
        var record = RegistryJson.Read(entity, RegistryJson.Default.AliasRecord);
        return new(record.Model, record.Alias, record.Version, entity.Revision, entity.Modified);
    }

    /// <summary>Null for an event of a type that this version of the library does not know.</summary>
    public static (string Model, ModelEvent Event)? Event(StoredEvent stored)
    {
        if (stored.Type is not (RegistryEntities.VersionRegistered or RegistryEntities.VersionTagged or RegistryEntities.AliasMoved))
        {
            return null;
        }

        var record = RegistryJson.Read(stored.Body.Span, RegistryJson.Default.RegistryEventRecord, stored.Subject);
        var (model, rest) = RegistryEntities.Split(stored.Subject);
        var alias = stored.Subject.Kind == RegistryEntities.AliasKind ? rest : null;
        var version = record.Version ?? int.Parse(rest, NumberStyles.None, CultureInfo.InvariantCulture);
        return (model, new(stored.Position, stored.At, stored.Actor, stored.Type, version, alias, stored.Why) { Tag = record.Tag, Previous = record.Previous });
    }
}
