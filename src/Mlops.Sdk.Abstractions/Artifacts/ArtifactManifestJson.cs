using System.Text.Json.Serialization;

namespace Mlops.Sdk.Artifacts;

/// <summary>The stored form of <see cref="ArtifactManifest"/>: members in ordinal order of their names.</summary>
internal sealed record ArtifactManifestDocument(IReadOnlyList<ArtifactEntry> Files, int Format);

/// <summary>The only member that a manifest of any format has.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record ArtifactManifestFormat(int Format);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ArtifactManifestDocument))]
[JsonSerializable(typeof(ArtifactManifestFormat))]
internal sealed partial class ArtifactManifestJson : JsonSerializerContext;
