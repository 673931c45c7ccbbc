using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Sdk.Artifacts;

/// <summary>
/// Names for artifacts: a folder as a value. Equal contents give equal bytes and so an equal digest; it has no times, no permissions and no machine names.
/// </summary>
public sealed class ArtifactManifest
{
    /// <summary>The format that this version of the library writes. Readers refuse a newer one.</summary>
    public const int CurrentFormat = 1;

    private readonly byte[] bytes;

    /// <summary>A manifest of entries in any order.</summary>
    /// <exception cref="ArgumentException">A path is refused by <see cref="ArtifactPath"/>, two paths are one on a file system that ignores case, or one is a folder of another.</exception>
    public ArtifactManifest(IEnumerable<ArtifactEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Entries = [.. entries.OrderBy(e => (e ?? throw new ArgumentException("An entry is null.", nameof(entries))).Path, StringComparer.Ordinal)];
        Check(Entries);
        bytes = JsonSerializer.SerializeToUtf8Bytes(new(Entries, CurrentFormat), ArtifactManifestJson.Default.ArtifactManifestDocument);
        Digest = Digest.Of(bytes);
    }

    /// <summary>The entries, in ordinal order of their paths.</summary>
    public IReadOnlyList<ArtifactEntry> Entries { get; }

    /// <summary>The digest of <see cref="ToBytes"/>: what a record names to mean this folder.</summary>
    public Digest Digest { get; }

    /// <summary>The canonical bytes: UTF-8 JSON, members and entries sorted, no white space, nothing outside ASCII unescaped.</summary>
    public byte[] ToBytes() => [.. bytes];

    /// <summary>The entry at a path, or null.</summary>
    public ArtifactEntry? Find(string path) => Entries.FirstOrDefault(e => e.Path == path);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="CorruptedException">It is not a canonical manifest, names a refused path, or has a newer format.</exception>
    public static ArtifactManifest Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var format = JsonSerializer.Deserialize(bytes, ArtifactManifestJson.Default.ArtifactManifestFormat)?.Format;
            if (format > CurrentFormat)
            {
                throw new CorruptedException($"The manifest has format {format}; this version of Mlops.Sdk reads up to format {CurrentFormat}. Update Mlops.Sdk on this host.");
            }

            var document = JsonSerializer.Deserialize(bytes, ArtifactManifestJson.Default.ArtifactManifestDocument) ?? throw new JsonException("It is null.");
            var manifest = new ArtifactManifest(document.Files);
            return manifest.bytes.AsSpan().SequenceEqual(bytes)
                ? manifest
                : throw new CorruptedException("The manifest is not canonical, so its digest says nothing. Store the folder again.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new CorruptedException("These bytes are not an artifact manifest. Store the folder again, or name the digest that PutFolderAsync or PutManifestAsync returned. " + e.Message, e);
        }
    }

    private static void Check(IReadOnlyList<ArtifactEntry> entries)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            ArtifactPath.Validate(entry.Path);
            ArgumentOutOfRangeException.ThrowIfNegative(entry.Length, nameof(entries));
            _ = entry.Digest.Hex;
            if (!seen.TryAdd(ArtifactPath.Fold(entry.Path), entry.Path))
            {
                throw new ArgumentException($"The paths '{seen[ArtifactPath.Fold(entry.Path)]}' and '{entry.Path}' are one file where case or the form of accents does not count. Rename one.", nameof(entries));
            }
        }

        foreach (var (folded, path) in seen)
        {
            for (var slash = folded.IndexOf('/'); slash >= 0; slash = folded.IndexOf('/', slash + 1))
            {
                if (seen.TryGetValue(folded[..slash], out var file))
                {
                    throw new ArgumentException($"The path '{file}' is a file and also a folder of '{path}'. Rename one.", nameof(entries));
                }
            }
        }
    }
}

/// <summary>A named artifact.</summary>
/// <param name="Path">Relative, with <c>/</c> between segments; see <see cref="ArtifactPath"/>.</param>
/// <param name="Digest">The digest of its bytes.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record ArtifactEntry(
    [property: JsonPropertyOrder(3)] string Path,
    [property: JsonPropertyOrder(1)] Digest Digest,
    [property: JsonPropertyOrder(2)] long Length);
