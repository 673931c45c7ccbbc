using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mlops.Sdk.Artifacts;

/// <summary>Makes files and the entries of folders durable. A class of its own so that a test can see the order of the calls.</summary>
internal class FileSync
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Returns when the file's content is on the disk.</summary>
    public virtual void File(SafeFileHandle file, string path) => RandomAccess.FlushToDisk(file);

    /// <summary>Renames, replacing what is there.</summary>
    public virtual void Rename(string from, string to) => System.IO.File.Move(from, to, overwrite: true);

    /// <summary>Returns when the folder's entries are on the disk. Windows has no such call: NTFS keeps them in its journal.</summary>
    public virtual void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // .NET opens no handle to a folder by itself.
        var descriptor = Open(Encoding.UTF8.GetBytes(path + '\0'), OperatingSystem.IsLinux() ? ReadOnlyCloseOnExec : 0);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"The folder '{path}' cannot be opened to make its entries durable: {new Win32Exception(error).Message}", error);
        }

        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(folder);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open(byte[] path, int flags);
}
