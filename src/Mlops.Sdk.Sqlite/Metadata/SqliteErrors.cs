using SQLitePCL;

namespace Mlops.Sdk.Metadata;

/// <summary>Turns what SQLite reports into one message that names the file and the remedy.</summary>
internal static class SqliteErrors
{
    public const string Store = "sqlite";

    public static Exception Create(int code, string message, string path, string operation)
    {
        var file = $"the metadata database '{path}'";
        return (code & 0xff) switch
        {
            raw.SQLITE_INTERRUPT => new OperationCanceledException($"Reading {file} was cancelled."),
            raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => new CorruptedException(
                $"Cannot {operation}: {file} is damaged or is not an SQLite database ({message}). Restore it from a backup, or move it away and start anew.")
            {
                Store = Store,
                Operation = operation,
            },
            raw.SQLITE_FULL => Failure($"the disk of {file} is full. Nothing of the operation was kept; free space and try again."),
            raw.SQLITE_READONLY => Failure($"{file} is read-only. Give this process write access to the file and its folder (WAL mode writes beside it), or choose another path."),
            raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => Failure($"{file} cannot be opened ({message}). Check that the folder exists and that this process may write into it."),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Busy(path, operation),
            raw.SQLITE_IOERR => Failure($"the system reported an input/output error ({message}, code {code}) on {file}. Check the disk; network file systems are not supported."),
            raw.SQLITE_TOOBIG => Failure($"a value or a statement is too large for {file} ({message})."),
            _ => Failure($"SQLite reported '{message}' (code {code}) on {file}."),
        };

        MlopsException Failure(string what) => new($"Cannot {operation}: {what}") { Store = Store, Operation = operation };
    }

    public static MlopsException Busy(string path, string operation) =>
        new($"Cannot {operation}: another process holds the lock of the metadata database '{path}' for longer than SqliteMetadataOptions.BusyTimeout. Try again, raise the option, or look for a process that stopped inside a transaction.")
        {
            Store = Store,
            Operation = operation,
            IsTransient = true,
        };
}
