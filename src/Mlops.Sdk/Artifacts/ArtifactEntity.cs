using System.Text.Json.Serialization;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Artifacts;

/// <summary>The entity that stands for stored bytes in the lineage graph. One for each digest, whoever links to it.</summary>
internal static class ArtifactEntity
{
    public const string Kind = "artifact";

    public static EntityId Id(Digest digest, string workspace) => new(Kind, digest.ToString(), workspace);

    public static EntityBody Body(ArtifactRef artifact) =>
        new(1, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new ArtifactRecord(artifact.Length), ArtifactJson.Default.ArtifactRecord));
}

internal sealed record ArtifactRecord([property: JsonPropertyName("length")] long Length);

[JsonSerializable(typeof(ArtifactRecord))]
internal sealed partial class ArtifactJson : JsonSerializerContext;
