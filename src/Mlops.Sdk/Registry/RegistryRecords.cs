using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Registry;

/// <summary>The stored form of a model.</summary>
internal sealed record ModelRecord(string Name);

/// <summary>The stored form of a version; number and time are the store's, and what can be edited is in attributes. The first releases kept the description here.</summary>
internal sealed record VersionRecord(
    string Model,
    Digest Package,
    Digest ModelDigest,
    string Runtime,
    string Actor,
    Digest? GateReport = null,
    RunRecord? Run = null,
    string? Description = null,
    string? Commit = null,
    IReadOnlyList<InputRecord>? Inputs = null);

/// <summary>The stored form of a reference to a data set.</summary>
internal sealed record InputRecord(string Role, Digest Digest, long? Rows = null);

/// <summary>The stored form of a reference to a run.</summary>
internal sealed record RunRecord(string Kind, string Key, string Workspace);

/// <summary>The stored form of an alias. A removed one stays, with version 0, so that its revisions go on.</summary>
internal sealed record AliasRecord(string Model, string Alias, int Version);

/// <summary>The stored form of an approval: what decides. Who did what when is in the events of the version.</summary>
internal sealed record ApprovalRecord(string State, string Requester, IReadOnlyList<string> Approvers);

/// <summary>The stored form of an idempotency key that was used.</summary>
internal sealed record RegistrationRecord(string Model, string Key);

/// <summary>What an event says beside its subject. Events carry no record version of their own, so it is a member.</summary>
internal sealed record RegistryEventRecord(int Record, int? Version = null, int? Previous = null, string? Tag = null, string? Field = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelRecord))]
[JsonSerializable(typeof(VersionRecord))]
[JsonSerializable(typeof(AliasRecord))]
[JsonSerializable(typeof(ApprovalRecord))]
[JsonSerializable(typeof(RegistrationRecord))]
[JsonSerializable(typeof(RegistryEventRecord))]
internal sealed partial class RegistryJson : JsonSerializerContext
{
    /// <summary>The record version that is written; the first, so nothing needs to be upgraded yet.</summary>
    public const int CurrentRecord = 1;

    public static EntityBody Body<T>(T record, JsonTypeInfo<T> type) => new(CurrentRecord, JsonSerializer.SerializeToUtf8Bytes(record, type));

    public static T Read<T>(Entity entity, JsonTypeInfo<T> type)
    {
        if (entity.Body.Version > CurrentRecord)
        {
            throw new MlopsException($"The record of {entity.Id} has version {entity.Body.Version}; this version of Mlops.Sdk reads up to {CurrentRecord}. Update Mlops.Sdk on this host.");
        }

        return Read(entity.Body.Bytes.Span, type, entity.Id);
    }

    public static T Read<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type, EntityId id)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new CorruptedException($"The record of {id} in the metadata store cannot be read. Restore the store from a backup. {e.Message}", e);
        }
    }
}
