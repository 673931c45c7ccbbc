using System.Security.Cryptography;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>A file stored by hand: copied, hashed on the way, flushed to the disk and renamed to its digest.</summary>
internal static class FileCopyBaseline
{
    private const int Buffer = 1 << 20;

    public static async Task<string> PutAsync(string source, string folder)
    {
        var temporary = Path.Combine(folder, "temporary");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true))
        await using (var to = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, useAsync: true))
        {
            var buffer = new byte[Buffer];
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read));
            }

            to.Flush(flushToDisk: true);
        }

        var path = Path.Combine(folder, Convert.ToHexStringLower(hash.GetHashAndReset()));
        File.Move(temporary, path);
        return path;
    }
}
