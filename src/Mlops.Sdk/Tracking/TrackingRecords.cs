using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>The stored form of an experiment.</summary>
internal sealed record ExperimentRecord(string Name);

/// <summary>The stored form of what never changes about a run.</summary>
internal sealed record RunRecord(string Experiment, string? Name, string Actor, DateTimeOffset Started, RunEnvironmentRecord Environment, CodeRecord? Code, IReadOnlyList<InputRecord> Inputs);

/// <summary>The stored form of <see cref="RunEnvironment"/>.</summary>
internal sealed record RunEnvironmentRecord(string OperatingSystem, string Architecture, string Runtime, int Cores, string? Packages);

/// <summary>The stored form of <see cref="CodeVersion"/>.</summary>
internal sealed record CodeRecord(string Commit, bool Dirty, int UntrackedFiles, string? Diff, bool DiffTruncated);

/// <summary>The stored form of <see cref="DatasetInput"/>.</summary>
internal sealed record InputRecord(string Digest, string Role, string Name, long? Rows);

/// <summary>The stored form of a data set, as the first run that read it described it.</summary>
internal sealed record DatasetRecord(string Name, long? Rows);

/// <summary>What an event says beside its subject. Events carry no record version of their own, so it is a member.</summary>
internal sealed record RunEventRecord(int Record, string Experiment, string State, CodeRecord? Code = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ExperimentRecord))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(DatasetRecord))]
[JsonSerializable(typeof(RunEventRecord))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class TrackingJson : JsonSerializerContext
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

        try
        {
            return JsonSerializer.Deserialize(entity.Body.Bytes.Span, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new CorruptedException($"The record of {entity.Id} in the metadata store cannot be read. Restore the store from a backup. {e.Message}", e);
        }
    }
}
