using System.Security.Cryptography;
using System.Text;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Data;

/// <summary>Addresses a data set by its content.</summary>
public static class DataSourceDigest
{
    /// <summary>
    /// The digest of the bytes of a data set, streamed. One file: the digest of its bytes, as an artifact has it. Several: the digest of their digests in the order of reading, one a line; names do not matter.
    /// </summary>
    /// <exception cref="NotFoundException">A file is missing.</exception>
    public static async Task<Digest> DigestAsync(this DataSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var digests = new List<Digest>();
        foreach (var file in source.Files())
        {
            digests.Add(await OfFileAsync(file, cancellationToken).ConfigureAwait(false));
        }

        return digests is [var only] ? only : Digest.Of(Encoding.ASCII.GetBytes(string.Join('\n', digests)));
    }

    private static async Task<Digest> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (stream.ConfigureAwait(false))
        {
            return Digest.FromHash(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
        }
    }
}
