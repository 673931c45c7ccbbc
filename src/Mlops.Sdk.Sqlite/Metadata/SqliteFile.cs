using System.Diagnostics;
using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>The database file: opens connections that are set up alike, and brings the schema up to date.</summary>
internal sealed class SqliteFile(SqliteMetadataOptions options)
{
    private const string Common = "pragma cache_size = -16384; pragma temp_store = memory; pragma trusted_schema = off;";

    public string Path { get; } = System.IO.Path.GetFullPath(options.Path);

    /// <summary>Opens the connection that writes. It never waits inside SQLite: <see cref="BeginAsync"/> does.</summary>
    public SqliteConnectionHandle OpenWriter()
    {
        if (options.Migrate != StoreMigration.Auto && !File.Exists(Path))
        {
            throw Refuse("does not exist");
        }

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

        return SqliteConnectionHandle.Open(Path, create: options.Migrate == StoreMigration.Auto, TimeSpan.Zero);
    }

    public SqliteConnectionHandle OpenReader()
    {
        var connection = SqliteConnectionHandle.Open(Path, create: false, options.BusyTimeout);
        connection.Execute($"{Common} pragma query_only = on");
        return connection;
    }

    /// <summary>Brings the database up to date as far as the options allow and leaves the connection with full durability. Safe against other processes doing the same. Returns the version that is there now.</summary>
    public Task<(Guid Id, int Version)> PrepareAsync(SqliteConnectionHandle connection, CancellationToken cancellationToken) =>
        RetryAsync(connection, () => Prepare(connection, cancellationToken), cancellationToken);

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

    /// <summary>Copies the database to a path of the caller's choice.</summary>
    public void BackUp(string path, CancellationToken cancellationToken)
    {
        var target = System.IO.Path.GetFullPath(path);
        if (target == Path)
        {
            throw new ArgumentException($"'{target}' is the metadata database itself. Give the backup another path.", nameof(path));
        }

        try
        {
            SqliteBackup.Write(Path, target, cancellationToken);
        }
        catch (Exception error) when (error is MlopsException or IOException or UnauthorizedAccessException)
        {
            throw new MlopsException($"The metadata database '{Path}' was not backed up to '{target}': {error.Message} Check that the folder exists, that this process may write into it, and that there is room.", error)
            {
                Store = SqliteErrors.Store,
                Operation = "back up",
            };
        }
    }

    private (Guid Id, int Version) Prepare(SqliteConnectionHandle connection, CancellationToken cancellationToken)
    {
        if (connection.IsReadOnly)
        {
            throw SqliteErrors.Create(SQLitePCL.raw.SQLITE_READONLY, "", Path, "open");
        }

        connection.Execute(Common);
        var found = SqliteSchema.Read(connection, Path);
        if (options.Migrate != StoreMigration.Auto)
        {
            Check(found);
        }

        // Only now, so that the database of somebody else keeps its mode.
        connection.Execute("pragma journal_size_limit = 67108864; pragma wal_autocheckpoint = 8000; pragma journal_mode = wal; pragma synchronous = full");
        if (found is { } usable && (usable.Version == SqliteSchema.Version || options.Migrate == StoreMigration.Never))
        {
            return usable;
        }

        // Looked at again under the lock: another process may have been first, and none may write between the backup and the migration.
        connection.Execute("begin immediate");
        found = SqliteSchema.Read(connection, Path);
        if (found is { Version: < SqliteSchema.Version } old)
        {
            BackUp(old.Version, cancellationToken);
        }

        var id = SqliteSchema.Apply(connection, found);
        connection.Execute("commit");
        return (id, SqliteSchema.Version);
    }

    private void Check((Guid Id, int Version)? found)
    {
        if (found is not { } schema)
        {
            throw Refuse("is empty");
        }

        if (schema.Version < (options.Migrate == StoreMigration.Check ? SqliteSchema.Version : SqliteSchema.OldestUsable))
        {
            throw Refuse($"has schema version {schema.Version}, and this version of Mlops.Sdk.Sqlite needs {SqliteSchema.Version}");
        }
    }

    private MlopsException Refuse(string what) =>
        new($"The metadata database '{Path}' {what}, and SqliteMetadataOptions.Migrate is {options.Migrate}, so nothing was changed. Open it once with Migrate = Auto (Mlops:Sqlite:Migrate), which creates or migrates it, or set SqliteMetadataOptions.Path to another file.")
        {
            Store = SqliteErrors.Store,
            Operation = "open",
        };

    private void BackUp(int version, CancellationToken cancellationToken)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"{Path}.schema-{version}.bak");
        try
        {
            SqliteBackup.Write(Path, target, cancellationToken);
        }
        catch (Exception error) when (error is MlopsException or IOException or UnauthorizedAccessException)
        {
            throw new MlopsException(
                $"The metadata database '{Path}' was not upgraded from schema version {version} to {SqliteSchema.Version}, because the backup '{target}' could not be written: {error.Message} The database is unchanged; make room for a copy of it in its folder, and open it again.", error)
            {
                Store = SqliteErrors.Store,
                Operation = "upgrade",
            };
        }
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
