using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Registry;

/// <summary>The stored form of <see cref="ModelPackageManifest"/>: members in ordinal order of their names, absent ones left out.</summary>
internal sealed record ModelPackageDocument
{
    [JsonPropertyName("datasets"), JsonPropertyOrder(1)]
    public List<DatasetDocument>? Datasets { get; init; }

    [JsonPropertyName("environment"), JsonPropertyOrder(2)]
    public SortedDictionary<string, string>? Environment { get; init; }

    [JsonPropertyName("files"), JsonPropertyOrder(3)]
    public required List<FileDocument> Files { get; init; }

    [JsonPropertyName("format"), JsonPropertyOrder(4)]
    public required int Format { get; init; }

    [JsonPropertyName("gateReport"), JsonPropertyOrder(5)]
    public Digest? GateReport { get; init; }

    [JsonPropertyName("modelDigest"), JsonPropertyOrder(6)]
    public required Digest ModelDigest { get; init; }

    [JsonPropertyName("run"), JsonPropertyOrder(7)]
    public string? Run { get; init; }

    [JsonPropertyName("runtime"), JsonPropertyOrder(8)]
    public required string Runtime { get; init; }

    public static ModelPackageDocument From(ModelPackageManifest manifest) => new()
    {
        Datasets = manifest.Datasets.Count == 0
            ? null
            : [.. manifest.Datasets.Select(d => new DatasetDocument(d.Digest, d.Role, d.Rows)).OrderBy(d => d.Role, StringComparer.Ordinal).ThenBy(d => d.Digest.Hex, StringComparer.Ordinal)],
        Environment = manifest.Environment.Count == 0 ? null : Sorted(manifest.Environment),
        Files = [.. manifest.Files.Select(f => new FileDocument(f.Digest, f.Length, f.Path)).OrderBy(f => f.Path, StringComparer.Ordinal)],
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

        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in manifest.Files)
        {
            if (PackagePath.Problem(file.Path) is { } problem)
            {
                throw new CorruptedException($"The manifest names the file '{file.Path}', which {problem}. Do not load this package; save it again from its source.");
            }

            if (!paths.Add(file.Path) || file.Length < 0)
            {
                throw new CorruptedException($"The manifest names the file '{file.Path}' twice or with a negative length. Do not load this package; save it again from its source.");
            }
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
        Files = [.. Files.Select(f => new ModelPackageFile(f.Path, f.Digest, f.Length))],
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

internal sealed record FileDocument(
    [property: JsonPropertyName("digest")] Digest Digest,
    [property: JsonPropertyName("length")] long Length,
    [property: JsonPropertyName("path")] string Path);

internal sealed record DatasetDocument(
    [property: JsonPropertyName("digest")] Digest Digest,
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("rows")] long? Rows = null);

/// <summary>The only member that a manifest of any format has.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record FormatDocument([property: JsonPropertyName("format")] int Format);

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelPackageDocument))]
[JsonSerializable(typeof(FormatDocument))]
internal sealed partial class ModelPackageJson : JsonSerializerContext;
