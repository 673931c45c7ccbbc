using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Metadata;

/// <summary>Copies a database in one snapshot while others write to it.</summary>
internal static class SqliteBackup
{
    private static readonly FileSync Sync = new();

    /// <summary>Writes the copy under a temporary name beside the target, syncs it and renames it, so that the target is there as a whole or not at all. Replaces what is there.</summary>
    public static void Write(string path, string target, CancellationToken cancellationToken)
    {
        var temporary = target + ".tmp";
        try
        {
            // What a killed process left behind.
            File.Delete(temporary);
            using (var connection = SqliteConnectionHandle.Open(path, create: false, TimeSpan.FromSeconds(30)))
            using (cancellationToken.UnsafeRegister(static c => ((SqliteConnectionHandle)c!).Interrupt(), connection))
            {
                connection.Operation = "back up";
                connection["vacuum into ?1"].Bind(1, temporary).Run();
            }

            // SQLite itself does not sync what it vacuums into.
            using (var copy = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite))
            {
                Sync.File(copy, temporary);
            }

            Sync.Rename(temporary, target);
            Sync.Folder(Path.GetDirectoryName(target)!);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next backup tries again; the first error is the one to report.
        }
    }
}
