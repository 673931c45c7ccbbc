using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Registry;

/// <summary>Collects the parts of a model package and saves it. Not thread-safe.</summary>
/// <param name="runtime">What turns the bytes into predictions: <c>mlnet</c>, <c>onnx</c> or a name of your own (letters, digits, <c>.</c>, <c>_</c> and <c>-</c>).</param>
public sealed class ModelPackageBuilder(string runtime)
{
    private static readonly string[] Reserved = [ModelPackageManifest.ContractPath, ModelPackageManifest.CardPath, ModelPackageManifest.GoldenRowsPath];
    private readonly Dictionary<string, Func<Stream>> files = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<GoldenRow> goldenRows = [];
    private readonly string runtime = RegistryNames.Check(runtime, nameof(runtime));

    /// <summary>The data contract as UTF-8 JSON, or null.</summary>
    public ReadOnlyMemory<byte>? Contract { get; init; }

    /// <summary>The run that made the model, or null. Leave it null where equal trainings shall give equal package digests; the registration links the version to its run anyway.</summary>
    public string? Run { get; init; }

    /// <summary>The data sets behind the model, in any order.</summary>
    public IReadOnlyList<ModelDataset> Datasets { get; init; } = [];

    /// <summary>The gate report, or null.</summary>
    public Digest? GateReport { get; init; }

    /// <summary>Facts about the environment that decide what the bytes mean, above all package versions. No clock times and no machine names.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The model card as Markdown, or null.</summary>
    public string? Card { get; init; }

    /// <summary>Adds a file. The model's own files go under <c>model/</c>.</summary>
    /// <param name="path">Relative, with <c>/</c> between segments; see <see cref="ArtifactPath"/>.</param>
    /// <param name="content">Its bytes, which must not change before <see cref="SaveAsync"/> returns.</param>
    /// <exception cref="ArgumentException">The path leaves the package, is taken, or belongs to a part with a property or method of its own.</exception>
    public ModelPackageBuilder AddFile(string path, ReadOnlyMemory<byte> content)
    {
        Add(path, () => Read(content));
        return this;
    }

    /// <summary>Adds a file from disk, which is read twice by <see cref="SaveAsync"/> and never held in memory unless it is a zip.</summary>
    /// <inheritdoc cref="AddFile(string, ReadOnlyMemory{byte})"/>
    /// <param name="path">Relative, with <c>/</c> between segments; see <see cref="ArtifactPath"/>.</param>
    /// <param name="file">The file on disk.</param>
    public ModelPackageBuilder AddFile(string path, FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Add(path, () => new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan));
        return this;
    }

    /// <summary>Adds rows that every host which loads the package must reproduce before it serves.</summary>
    public ModelPackageBuilder AddGoldenRows(IEnumerable<GoldenRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
        {
            goldenRows.Add(double.IsFinite(row.Tolerance) && row.Tolerance >= 0
                ? row
                : throw new ArgumentException($"The tolerance {row.Tolerance} of a golden row is negative or not finite.", nameof(rows)));
        }

        return this;
    }

    /// <summary>Stores the files and then the manifest. Idempotent: equal contents give the same result and are stored once.</summary>
    /// <exception cref="InvalidOperationException">There is no file under <c>model/</c>.</exception>
    /// <exception cref="ArgumentException">A file would also be a folder of another.</exception>
    public async Task<ModelPackageRef> SaveAsync(IArtifactStore artifacts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifacts);
        if (!files.Keys.Any(IsModel))
        {
            throw new InvalidOperationException($"The package has no model. Add its files under '{ModelPackageManifest.ModelFolder}', for example AddFile(\"model/model.zip\", …).");
        }

        // Before anything is stored: whether all paths together could be a folder.
        _ = new ArtifactManifest(files.Keys.Select(path => new ArtifactEntry(path, Digest.Of([]), 0)));
        var stored = new List<ArtifactEntry>();
        var contents = new Dictionary<string, Digest>(StringComparer.Ordinal);
        foreach (var (path, open) in files.Concat(Parts()))
        {
            if (IsModel(path))
            {
                var content = open();
                await using (content.ConfigureAwait(false))
                {
                    contents.Add(path, await ModelContent.DigestAsync(content, cancellationToken).ConfigureAwait(false));
                }
            }

            var source = open();
            await using (source.ConfigureAwait(false))
            {
                var artifact = await artifacts.PutAsync(source, cancellationToken).ConfigureAwait(false);
                stored.Add(new(path, artifact.Digest, artifact.Length));
            }
        }

        var manifest = new ModelPackageManifest
        {
            Runtime = runtime,
            ModelDigest = ModelContent.Combine(contents),
            Files = [.. stored.OrderBy(file => file.Path, StringComparer.Ordinal)],
            Run = Run,
            GateReport = GateReport,
            Datasets = Datasets,
            Environment = Environment,
        };
        var package = await artifacts.PutBytesAsync(manifest.ToBytes(), cancellationToken).ConfigureAwait(false);
        return new(package.Digest, manifest.ModelDigest);
    }

    private static MemoryStream Read(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var array) ? new(array.Array!, array.Offset, array.Count, writable: false) : new(content.ToArray(), writable: false);

    private static bool IsModel(string path) => path.StartsWith(ModelPackageManifest.ModelFolder, StringComparison.Ordinal);

    private IEnumerable<KeyValuePair<string, Func<Stream>>> Parts()
    {
        if (Contract is { } contract)
        {
            yield return new(ModelPackageManifest.ContractPath, () => Read(contract));
        }

        if (Card is { } card)
        {
            yield return new(ModelPackageManifest.CardPath, () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(card), writable: false));
        }

        if (goldenRows.Count > 0)
        {
            yield return new(ModelPackageManifest.GoldenRowsPath, () => new MemoryStream(GoldenRow.WriteLines(goldenRows), writable: false));
        }
    }

    private void Add(string path, Func<Stream> open)
    {
        ArtifactPath.Validate(path);
        if (Reserved.Contains(path, StringComparer.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"The path '{path}' belongs to a part of every package; use the property or method for it.", nameof(path));
        }

        if (!files.TryAdd(path, open))
        {
            throw new ArgumentException($"The package already has a file '{path}'; case does not tell files apart.", nameof(path));
        }
    }
}
