using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Pipelines;

/// <summary>The states of runs and attempts, as stored.</summary>
internal static class PipelineStates
{
    public const string Running = "running";
    public const string Finished = "finished";
    public const string Cached = "cached";
    public const string Failed = "failed";
    public const string Canceled = "canceled";
    public const string Interrupted = "interrupted";
}

/// <summary>The kinds and relations that pipelines write.</summary>
internal static class PipelineSchema
{
    public const int RecordVersion = 1;
    public const string Pipeline = "pipeline";
    public const string Run = "pipeline-run";
    public const string Call = "step-call";
    public const string Attempt = "step-attempt";
    public const string Result = "step-result";

    /// <summary>Attempt → run.</summary>
    public const string PartOf = "part-of";

    /// <summary>Attempt → artifact that came in.</summary>
    public const string Used = "used";

    /// <summary>Attempt → artifact that came out.</summary>
    public const string Produced = "produced";

    /// <summary>Cached attempt → the attempt that executed.</summary>
    public const string CachedFrom = "cached-from";

    /// <summary>Run → the first run of an interrupted series.</summary>
    public const string Resumes = "resumes";
}

/// <summary>One run: body of a <c>pipeline-run</c>.</summary>
internal sealed record RunRecord(string Pipeline, int Seed, string? Options, string? Origin);

/// <summary>One attempt: body of a <c>step-attempt</c>. Never rewritten; its end is in attributes.</summary>
internal sealed record AttemptRecord(string Step, string Version, string Code, string Path, int Attempt, int Seed, string? Key, string? Input, Dictionary<string, string>? Environment, string? Miss);

/// <summary>The outcome of a key: body of a <c>step-result</c>. The output is inline or an artifact.</summary>
internal sealed record ResultRecord(string Attempt, Digest Output, JsonElement Value, ArtifactRef? Artifact);

[JsonSourceGenerationOptions(MaxDepth = 256, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, Converters = [typeof(DigestConverter), typeof(ArtifactRefConverter)])]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(ResultRecord))]
internal sealed partial class PipelineJson : JsonSerializerContext
{
    public static EntityBody Body<T>(T record, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => new(PipelineSchema.RecordVersion, JsonSerializer.SerializeToUtf8Bytes(record, type));
}
