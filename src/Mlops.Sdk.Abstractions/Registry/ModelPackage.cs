using System.Text.Json;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Registry;

/// <summary>A model with everything that is needed to trust and to serve it. Only <see cref="OpenAsync(IArtifactStore, Digest, CancellationToken)"/> makes one, and only of bytes that verify. Thread-safe.</summary>
public sealed class ModelPackage
{
    private const int MaxManifestBytes = 1 << 20;
    private readonly IArtifactStore artifacts;

    private ModelPackage(IArtifactStore artifacts, Digest digest, ModelPackageManifest manifest)
    {
        this.artifacts = artifacts;
        Digest = digest;
        Manifest = manifest;
    }

    /// <summary>The digest of the manifest.</summary>
    public Digest Digest { get; }

    /// <summary>What the package holds.</summary>
    public ModelPackageManifest Manifest { get; }

    /// <summary>The data contract as UTF-8 JSON, or null when the package has none.</summary>
    public ReadOnlyMemory<byte>? Contract { get; private set; }

    /// <summary>The golden rows; empty when the package has none.</summary>
    public IReadOnlyList<GoldenRow> GoldenRows { get; private set; } = [];

    /// <summary>
    /// Opens a package and verifies all of it first: the manifest is canonical and of a known format, its paths are safe, every file is there with its length and digest, and the model's content has the digest that the manifest says.
    /// Nothing of the model has been interpreted when this returns.
    /// </summary>
    /// <exception cref="NotFoundException">The store has no object with this digest.</exception>
    /// <exception cref="CorruptedException">Something does not verify; the message names the file and the remedy.</exception>
    public static async Task<ModelPackage> OpenAsync(IArtifactStore artifacts, Digest digest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifacts);
        var package = new ModelPackage(artifacts, digest, await ReadManifestAsync(artifacts, digest, cancellationToken).ConfigureAwait(false));
        var contents = new Dictionary<string, Digest>(StringComparer.Ordinal);
        foreach (var file in package.Manifest.Files)
        {
            var content = await package.VerifyAsync(file, cancellationToken).ConfigureAwait(false);
            if (file.Path.StartsWith(ModelPackageManifest.ModelFolder, StringComparison.Ordinal))
            {
                contents.Add(file.Path, content);
            }
        }

        var modelDigest = ModelContent.Combine(contents);
        if (modelDigest != package.Manifest.ModelDigest)
        {
            throw new CorruptedException($"The model in package {digest} has the content digest {modelDigest}, but its manifest says {package.Manifest.ModelDigest}. Do not load this package; save it again from its source.");
        }

        await package.ReadPartsAsync(cancellationToken).ConfigureAwait(false);
        return package;
    }

    /// <summary>Opens a file. The stream verifies while it is read and throws <see cref="CorruptedException"/> instead of reporting its end when the bytes are not those of the manifest.</summary>
    /// <exception cref="NotFoundException">The package has no such file.</exception>
    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default) => OpenAsync(Get(path), cancellationToken);

    /// <summary>Reads a whole file and verifies it.</summary>
    /// <exception cref="NotFoundException">The package has no such file.</exception>
    /// <exception cref="CorruptedException">The bytes are no longer those of the manifest.</exception>
    public async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        var file = Get(path);
        var stream = await OpenAsync(file, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
            var bytes = content.ToArray();
            return Digest.Of(bytes) == file.Digest ? bytes : throw Broken(file, "was changed in the artifact store");
        }
    }

    private ArtifactEntry Get(string path) => Manifest.Find(path)
        ?? throw new NotFoundException($"Package {Digest} has no file '{path}'. It has: {string.Join(", ", Manifest.Files.Select(f => f.Path))}.");

    private static async Task<ModelPackageManifest> ReadManifestAsync(IArtifactStore artifacts, Digest digest, CancellationToken cancellationToken)
    {
        var stored = await artifacts.FindAsync(digest, cancellationToken).ConfigureAwait(false)
            ?? throw new NotFoundException($"The artifact store has no model package {digest}. Check that this host uses the store that the package was saved to.");
        if (stored.Length > MaxManifestBytes)
        {
            throw new CorruptedException($"The object {digest} has {stored.Length} bytes, too many for the manifest of a model package. Name the digest that ModelPackageBuilder.SaveAsync returned, not that of a file.");
        }

        using var bytes = new MemoryStream();
        var stream = await artifacts.OpenReadAsync(digest, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        }

        var content = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        if (Digest.Of(content) != digest)
        {
            throw new CorruptedException($"The manifest of package {digest} was changed in the artifact store. Restore it from a backup, or save and register the package again.");
        }

        try
        {
            return ModelPackageManifest.Parse(content);
        }
        catch (CorruptedException e)
        {
            throw new CorruptedException($"Package {digest} cannot be used. {e.Message}", e);
        }
    }

    private async Task<Digest> VerifyAsync(ArtifactEntry file, CancellationToken cancellationToken)
    {
        Digest bytes, canonical;
        long length;
        try
        {
            var stream = await OpenAsync(file, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                (bytes, canonical, length) = await ModelContent.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (CorruptedException e) when (e.InnerException is not NotFoundException)
        {
            throw Broken(file, "was changed in the artifact store", e);
        }

        return bytes != file.Digest ? throw Broken(file, "has other bytes than its manifest says")
            : length != file.Length ? throw Broken(file, $"has {length} bytes, but its manifest says {file.Length}")
            : canonical;
    }

    private async Task<Stream> OpenAsync(ArtifactEntry file, CancellationToken cancellationToken)
    {
        try
        {
            return await artifacts.OpenReadAsync(file.Digest, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException e)
        {
            throw Broken(file, $"is missing from the artifact store (object {file.Digest})", e);
        }
    }

    private async Task ReadPartsAsync(CancellationToken cancellationToken)
    {
        if (Manifest.Find(ModelPackageManifest.ContractPath) is not null)
        {
            Contract = await ReadAsync(ModelPackageManifest.ContractPath, cancellationToken).ConfigureAwait(false);
        }

        if (Manifest.Find(ModelPackageManifest.GoldenRowsPath) is { } golden)
        {
            try
            {
                GoldenRows = GoldenRow.ReadLines(await ReadAsync(golden.Path, cancellationToken).ConfigureAwait(false));
            }
            catch (JsonException e)
            {
                throw Broken(golden, "cannot be read: " + e.Message, e);
            }
        }
    }

    private CorruptedException Broken(ArtifactEntry file, string what, Exception? inner = null) =>
        new($"The file '{file.Path}' of package {Digest} {what}. Restore it from a backup, or save and register the package again.", inner);
}
