using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Registry;

/// <summary>
/// The canonical digest of a model: equal for equal contents, whatever their container recorded on the way. Zip files, as ML.NET writes them, hold time stamps and are never
/// byte-identical; they count as their entries (name, bytes) in ordinal order of the names. Every other file, and a zip over 1 GiB, counts as its bytes.
/// </summary>
public static class ModelContent
{
    private const int MaxZipBytes = 1 << 30;

    /// <summary>The canonical digest of one file, read from the stream's position to its end.</summary>
    public static async Task<Digest> DigestAsync(Stream content, CancellationToken cancellationToken = default) =>
        (await ReadAsync(content, cancellationToken).ConfigureAwait(false)).Canonical;

    /// <summary>The digest of a model that consists of several files.</summary>
    /// <param name="files">The canonical digest of each file by its path, in any order.</param>
    public static Digest Combine(IEnumerable<KeyValuePair<string, Digest>> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("mlops-model-1\n"u8);
        foreach (var (path, digest) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            Append(hash, path, Convert.FromHexString(digest.Hex));
        }

        return Finish(hash);
    }

    /// <summary>Reads a file once and says what it is: its bytes, its content and its length.</summary>
    internal static async Task<(Digest Bytes, Digest Canonical, long Length)> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81_920];
        MemoryStream? zip = null;
        long length = 0;
        int read;
        while ((read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (length == 0 && buffer.AsSpan(0, read).StartsWith("PK\x3\x4"u8))
            {
                zip = new MemoryStream();
            }

            hash.AppendData(buffer, 0, read);
            length += read;
            if (length > MaxZipBytes)
            {
                zip = null;
            }

            zip?.Write(buffer, 0, read);
        }

        var bytes = Finish(hash);
        return (bytes, zip is null ? bytes : OfZip(zip) ?? bytes, length);
    }

    private static Digest? OfZip(MemoryStream content)
    {
        content.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("mlops-zip-1\n"u8);
        try
        {
            using var zip = new ZipArchive(content, ZipArchiveMode.Read);
            foreach (var entry in zip.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
            {
                using var stream = entry.Open();
                Append(hash, entry.FullName, SHA256.HashData(stream));
            }
        }
        catch (InvalidDataException)
        {
            // It begins like a zip but is none, so it is plain bytes like any other file.
            return null;
        }

        return Finish(hash);
    }

    private static void Append(IncrementalHash hash, string name, ReadOnlySpan<byte> digest)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
        hash.AppendData(digest);
    }

    private static Digest Finish(IncrementalHash hash) => Digest.FromHash(hash.GetHashAndReset());
}
