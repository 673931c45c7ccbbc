using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Data;

/// <summary>A file that appears whole or not at all: written under a temporary name beside it, flushed, renamed.</summary>
internal sealed class DurableFile : IDisposable
{
    private readonly string path;

    public DurableFile(string path)
    {
        this.path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(this.path)!;
        if (!Directory.Exists(folder))
        {
            throw new MlopsException($"The folder '{folder}' for '{Path.GetFileName(this.path)}' does not exist. Make it first.") { Store = "files", Operation = "write" };
        }

        TemporaryPath = Path.Combine(folder, $".{Path.GetFileName(this.path)}.{MlopsId.NewKey()}.tmp");
    }

    public string TemporaryPath { get; }

    /// <summary>Forces the bytes to the disk and names them by digest.</summary>
    public DataFile Flush()
    {
        using var stream = new FileStream(TemporaryPath, FileMode.Open, FileAccess.ReadWrite);
        var digest = Digest.FromHash(SHA256.HashData(stream));
        stream.Flush(flushToDisk: true);
        return new(path, digest, stream.Length);
    }

    public void Publish()
    {
        File.Move(TemporaryPath, path, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            FlushFolder(Path.GetDirectoryName(path)!);
        }
    }

    public void Dispose() => File.Delete(TemporaryPath);

    // The rename is durable only when its folder is, and .NET opens no folders.
    private static void FlushFolder(string folder)
    {
        var descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), 0);
        if (descriptor >= 0)
        {
            _ = FSync(descriptor);
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
