using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Registry;

/// <summary>
/// What a model package holds. Stored as canonical JSON, whose digest is the package's digest. It has no clock times and no machine names, so equal contents give equal digests.
/// </summary>
public sealed record ModelPackageManifest
{
    /// <summary>The format that this version of the library writes. Readers refuse a newer one.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The folder of the files that make up the model itself.</summary>
    public const string ModelFolder = "model/";

    /// <summary>The path of the data contract.</summary>
    public const string ContractPath = "contract.json";

    /// <summary>The path of the golden rows, one JSON object a line.</summary>
    public const string GoldenRowsPath = "golden.jsonl";

    /// <summary>The path of the model card.</summary>
    public const string CardPath = "card.md";

    /// <summary>The format of this manifest.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>What turns the bytes into predictions: <c>mlnet</c>, <c>onnx</c> or a name of your own.</summary>
    public required string Runtime { get; init; }

    /// <summary>The canonical digest of the model's content, see <see cref="ModelContent"/>.</summary>
    public required Digest ModelDigest { get; init; }

    /// <summary>Every file, sorted by path in ordinal order.</summary>
    public required IReadOnlyList<ArtifactEntry> Files { get; init; }

    /// <summary>The run that made the model, or null. Packages of different runs differ when they name their run; <see cref="ModelDigest"/> does not.</summary>
    public string? Run { get; init; }

    /// <summary>The gate report that was there when the package was made, or null.</summary>
    public Digest? GateReport { get; init; }

    /// <summary>The data sets behind the model, sorted by role and digest.</summary>
    public IReadOnlyList<ModelDataset> Datasets { get; init; } = [];

    /// <summary>Facts about the environment that decide what the bytes mean, above all package versions, for example <c>Microsoft.ML</c> → <c>5.0.1</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The digest of the data contract, or null when the package has none.</summary>
    [JsonIgnore]
    public Digest? Contract => Find(ContractPath)?.Digest;

    /// <summary>The file at a path, or null.</summary>
    public ArtifactEntry? Find(string path) => Files.FirstOrDefault(file => file.Path == path);

    /// <summary>The canonical bytes: UTF-8, names and lists sorted, no white space, nothing outside ASCII unescaped.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(ModelPackageDocument.From(this), ModelPackageJson.Default.ModelPackageDocument);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="CorruptedException">It is not a canonical manifest, breaks a rule such as a path that leaves the package, or has a newer format.</exception>
    public static ModelPackageManifest Parse(ReadOnlySpan<byte> bytes) => ModelPackageDocument.Parse(bytes);
}

/// <summary>A data set behind a model.</summary>
/// <param name="Role">For example <c>training</c>, <c>validation</c> or <c>test</c>.</param>
/// <param name="Digest">The digest of the data set.</param>
/// <param name="Rows">The number of its rows, or null when it is not known.</param>
public sealed record ModelDataset(string Role, Digest Digest, long? Rows = null);

/// <summary>A stored package.</summary>
/// <param name="Package">The digest of the manifest: what a registration names.</param>
/// <param name="ModelDigest">The canonical digest of the model's content.</param>
public sealed record ModelPackageRef(Digest Package, Digest ModelDigest);
