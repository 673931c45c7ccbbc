using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Registry;

/// <summary>The stored form of <see cref="ModelPackageManifest"/>: members in ordinal order of their names, absent ones left out.</summary>
internal sealed record ModelPackageDocument
{
    [JsonPropertyOrder(1)]
    public List<DatasetDocument>? Datasets { get; init; }

    [JsonPropertyOrder(2)]
    public SortedDictionary<string, string>? Environment { get; init; }

    [JsonPropertyOrder(3)]
    public required IReadOnlyList<ArtifactEntry> Files { get; init; }

    [JsonPropertyOrder(4)]
    public required int Format { get; init; }

    [JsonPropertyOrder(5)]
    public Digest? GateReport { get; init; }

    [JsonPropertyOrder(6)]
    public required Digest ModelDigest { get; init; }

    [JsonPropertyOrder(7)]
    public string? Run { get; init; }

    [JsonPropertyOrder(8)]
    public required string Runtime { get; init; }

    public static ModelPackageDocument From(ModelPackageManifest manifest) => new()
    {
        Datasets = manifest.Datasets.Count == 0
            ? null
            : [.. manifest.Datasets.Select(d => new DatasetDocument(d.Digest, d.Role, d.Rows)).OrderBy(d => d.Role, StringComparer.Ordinal).ThenBy(d => d.Digest.Hex, StringComparer.Ordinal)],
        Environment = manifest.Environment.Count == 0 ? null : Sorted(manifest.Environment),
        Files = [.. manifest.Files.OrderBy(f => f.Path, StringComparer.Ordinal)],
        Format = manifest.Format,
        GateReport = manifest.GateReport,
        ModelDigest = manifest.ModelDigest,
        Run = manifest.Run,
        Runtime = manifest.Runtime,
    };

    public static ModelPackageManifest Parse(ReadOnlySpan<byte> bytes)
    {
        ModelPackageDocument document;
        try
        {
            var format = JsonSerializer.Deserialize(bytes, ModelPackageJson.Default.FormatDocument)?.Format;
            if (format > ModelPackageManifest.CurrentFormat)
            {
                throw new CorruptedException($"The manifest has format {format}; this version of Mlops.Sdk reads up to format {ModelPackageManifest.CurrentFormat}. Update Mlops.Sdk on this host.");
            }

            document = JsonSerializer.Deserialize(bytes, ModelPackageJson.Default.ModelPackageDocument) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new CorruptedException("The manifest is not one of a model package. Save the package again, or name the digest that ModelPackageBuilder.SaveAsync returned. " + e.Message, e);
        }

        var manifest = document.ToManifest();
        Check(manifest);
        return manifest.ToBytes().AsSpan().SequenceEqual(bytes)
            ? manifest
            : throw new CorruptedException("The manifest is not canonical, so its digest says nothing. Save the package again with ModelPackageBuilder.");
    }

    private static void Check(ModelPackageManifest manifest)
    {
        if (manifest.Format < 1)
        {
            throw new CorruptedException($"The manifest has format {manifest.Format}; formats start at 1. Save the package again.");
        }

        try
        {
            _ = new ArtifactManifest(manifest.Files);
        }
        catch (ArgumentException e)
        {
            throw new CorruptedException($"The manifest names a file that no package may have. Do not load this package; save it again from its source. {e.Message}", e);
        }

        if (!manifest.Files.Any(file => file.Path.StartsWith(ModelPackageManifest.ModelFolder, StringComparison.Ordinal)))
        {
            throw new CorruptedException($"The manifest names no file under '{ModelPackageManifest.ModelFolder}'. Save the package again with the model's files there.");
        }
    }

    private ModelPackageManifest ToManifest() => new()
    {
        Format = Format,
        Runtime = Runtime,
        ModelDigest = ModelDigest,
        Files = Files,
        Run = Run,
        GateReport = GateReport,
        Datasets = [.. (Datasets ?? []).Select(d => new ModelDataset(d.Role, d.Digest, d.Rows))],
        Environment = Sorted(Environment ?? []),
    };

    private static SortedDictionary<string, string> Sorted(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            sorted.Add(name, value);
        }

        return sorted;
    }
}

internal sealed record DatasetDocument(Digest Digest, string Role, long? Rows = null);

/// <summary>The only member that a manifest of any format has.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record FormatDocument(int Format);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelPackageDocument))]
[JsonSerializable(typeof(FormatDocument))]
internal sealed partial class ModelPackageJson : JsonSerializerContext;
