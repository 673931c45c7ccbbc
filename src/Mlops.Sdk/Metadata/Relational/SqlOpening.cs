using System.Data;
using System.Data.Common;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Creates the tables, or checks them, once.</summary>
internal sealed class SqlOpening(ISqlDialect dialect, SqlDatabase database, StoreMigration migrate) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile object? id;

    public async Task<Guid> OpenAsync(CancellationToken cancellationToken)
    {
        if (id is Guid known)
        {
            return known;
        }

        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var opened = id as Guid? ?? await database.RunAsync("open", PrepareAsync, cancellationToken).ConfigureAwait(false);
            id = opened;
            return opened;
        }
        finally
        {
            turn.Release();
        }
    }

    public static IReadOnlyList<string> Script(ISqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return [.. SqlSchema.Create(dialect)];
    }

    public void Dispose() => turn.Dispose();

    private async Task<Guid> PrepareAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (await ReadAsync(new(connection, null), cancellationToken).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        if (migrate != StoreMigration.Auto)
        {
            throw Failure($"the tables are missing and Migrate is {migrate}. Run the statements of RelationalMetadataStore.Script once, or set Migrate to Auto.");
        }

        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var session = new SqlSession(connection, transaction);
        await session.RunAsync([new(dialect, dialect.LockSchema)], null, cancellationToken).ConfigureAwait(false);
        try
        {
            if (await ExistsAsync(transaction, session, cancellationToken).ConfigureAwait(false) is { } other)
            {
                return other;
            }

            await RefuseForeignAsync(cancellationToken).ConfigureAwait(false);
            foreach (var sql in Script(dialect))
            {
                await session.RunAsync([new(dialect, sql)], null, cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await UnlockAsync(connection).ConfigureAwait(false);
        }

        return await ReadAsync(new(connection, null), cancellationToken).ConfigureAwait(false) ?? throw Failure("the tables are gone right after they were created.");
    }

    private async Task UnlockAsync(DbConnection connection)
    {
        try
        {
            if (dialect.UnlockSchema is { } unlock)
            {
                await new SqlSession(connection, null).RunAsync([new(dialect, unlock)], null, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            // The connection broke, and its lock went with it.
        }
    }

    /// <summary>Where tables are created if they do not exist, those of another application would pass for ours.</summary>
    private async Task RefuseForeignAsync(CancellationToken cancellationToken)
    {
        foreach (var table in dialect.HasTransactionalDdl ? [] : SqlSchema.Tables)
        {
            var statement = new SqlStatement(dialect, $"select {string.Join(", ", table.Columns.Select(column => column.Name))} from {dialect.Table(table.TableName)} where 1 = 0");
            await database.ReadOneAsync("open", (session, token) => LookAsync(table.TableName, () => session.ListAsync<object>(statement, _ => statement, token)!), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks from a savepoint, because a failed statement would end the transaction, or on another connection where there are none.</summary>
    private async Task<Guid?> ExistsAsync(DbTransaction transaction, SqlSession session, CancellationToken cancellationToken)
    {
        if (!dialect.HasTransactionalDdl || !transaction.SupportsSavepoints)
        {
            return await database.ReadOneAsync("open", ReadAsync, cancellationToken).ConfigureAwait(false);
        }

        await transaction.SaveAsync("look", cancellationToken).ConfigureAwait(false);
        var found = await ReadAsync(session, cancellationToken).ConfigureAwait(false);
        await transaction.RollbackAsync("look", cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>The id of the store; null when it is not there, or was only begun.</summary>
    private Task<Guid?> ReadAsync(SqlSession session, CancellationToken cancellationToken) => LookAsync<Guid?>("store", async () =>
    {
        var statement = new SqlStatement(dialect, $"select id, version from {dialect.Table("store")} where one = 1");
        var rows = await session.ListAsync(statement, row => (Id: row.GetString(0), Version: row.GetInt32(1)), cancellationToken).ConfigureAwait(false);
        return rows switch
        {
            [] when !dialect.HasTransactionalDdl => null,
            [] => throw Failure($"the table {dialect.Table("store")} has lost its row. Restore the database from a backup."),
            [{ Version: >= SqlSchema.Unfinished }] => throw Failure("it is a copy that was not finished. Run the same 'mlops store copy' again to finish it, or drop the schema."),
            [{ Version: > SqlSchema.Version } newer] => throw Failure(
                $"it has schema version {newer.Version}, written by a newer version of this package; this one knows up to version {SqlSchema.Version}. Upgrade the package. Nothing was changed."),
            [var row, ..] => Guid.ParseExact(row.Id, "N"),
        };
    });

    /// <summary>What a table says, or nothing when it is not there.</summary>
    private async Task<T?> LookAsync<T>(string table, Func<Task<T?>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (DbException error) when (dialect.Explain(error) is { IsMissingTable: true })
        {
            return default;
        }
        catch (Exception error) when (error is InvalidCastException or FormatException || (error is DbException e && dialect.Explain(e) is { IsTransient: false }))
        {
            var reason = error is DbException refused ? dialect.Explain(refused).Message : error.Message;
            throw Failure($"the table {dialect.Table(table)} cannot be read as one of this SDK: {reason} If the table is not ours, use a schema that belongs to no other application.");
        }
    }

    private MlopsException Failure(string message) => new($"Cannot open the {dialect.Name} metadata store: {message}") { Store = dialect.Name, Operation = "open" };
}
