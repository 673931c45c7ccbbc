using System.Diagnostics;

namespace Mlops.Sdk.Metadata;

/// <summary>The database file: opens connections that are set up alike, and brings the schema up to date.</summary>
internal sealed class SqliteFile(SqliteMetadataOptions options)
{
    private const string Common = "pragma cache_size = -16384; pragma temp_store = memory; pragma trusted_schema = off;";

    public string Path { get; } = System.IO.Path.GetFullPath(options.Path);

    /// <summary>Opens the connection that writes. It never waits inside SQLite: <see cref="BeginAsync"/> does.</summary>
    public SqliteConnectionHandle OpenWriter()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MlopsException($"Cannot open: the folder of the metadata database '{Path}' cannot be created ({error.Message}). Choose another SqliteMetadataOptions.Path (Mlops:Sqlite:Path).", error)
            {
                Store = SqliteErrors.Store,
                Operation = "open",
            };
        }

        return SqliteConnectionHandle.Open(Path, create: true, TimeSpan.Zero);
    }

    public SqliteConnectionHandle OpenReader()
    {
        var connection = SqliteConnectionHandle.Open(Path, create: false, options.BusyTimeout);
        connection.Execute($"{Common} pragma query_only = on");
        return connection;
    }

    /// <summary>Creates or migrates the database and leaves the connection with full durability. Safe against other processes doing the same.</summary>
    public Task<Guid> PrepareAsync(SqliteConnectionHandle connection, CancellationToken cancellationToken) =>
        RetryAsync(connection, () => Prepare(connection), cancellationToken);

    /// <summary>Begins a transaction that may write. SQLite's own waits grow to 100 ms and are unfair; short random ones keep the slowest writer ten times faster.</summary>
    public Task BeginAsync(SqliteConnectionHandle connection, CancellationToken cancellationToken = default) =>
        RetryAsync(
            connection,
            () =>
            {
                // SQLite would go on to write into the deleted file and report success.
                if (!File.Exists(Path))
                {
                    throw new MlopsException($"Cannot {connection.Operation}: the metadata database '{Path}' was deleted or moved while this process has it open. Nothing was stored; put it back if you can, and restart the process.") { Store = SqliteErrors.Store, Operation = connection.Operation };
                }

                connection.Execute("begin immediate");
                return true;
            },
            cancellationToken);

    private Guid Prepare(SqliteConnectionHandle connection)
    {
        if (connection.IsReadOnly)
        {
            throw SqliteErrors.Create(SQLitePCL.raw.SQLITE_READONLY, "", Path, "open");
        }

        connection.Execute($"{Common} pragma journal_size_limit = 67108864; pragma wal_autocheckpoint = 8000; pragma journal_mode = wal; pragma synchronous = full");
        if (SqliteSchema.Read(connection, Path) is { Version: SqliteSchema.Version } current)
        {
            return current.Id;
        }

        connection.Execute("begin immediate");
        var id = SqliteSchema.Apply(connection, Path);
        connection.Execute("commit");
        return id;
    }

    private async Task<T> RetryAsync<T>(SqliteConnectionHandle connection, Func<T> attempt, CancellationToken cancellationToken)
    {
        // Real time, not the injected clock: the lock is held by a real process.
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return attempt();
            }
            catch (MlopsException error) when (error.IsTransient && Stopwatch.GetElapsedTime(started) < options.BusyTimeout)
            {
                connection.Rollback();
            }
            catch
            {
                connection.Rollback();
                throw;
            }

            await Task.Delay(Random.Shared.Next(1, 5), cancellationToken).ConfigureAwait(false);
        }
    }
}
