using System.Data.Common;
using Microsoft.Data.Sqlite;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>A metadata store in an SQLite file.</summary>
internal sealed class SqliteDatabase(StoreAddress address, string path)
    : StoreDatabase(address, new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ConnectionString))
{
    private readonly Dictionary<string, SqliteCommand> inserts = [];

    public override IMetadataStore Store(StoreMigration migrate) => new SqliteMetadataStore(new() { Path = path, Migrate = migrate });

    public override string Table(string name) => name;

    public override string Column(StoreColumn column) => column.Sqlite ?? column.Name;

    public override async Task<StoreHead?> HeadAsync(CancellationToken cancellationToken)
    {
        if (await ScalarAsync("select count(*) from sqlite_master where name = 'store'", cancellationToken) == 0)
        {
            return null;
        }

        await using var command = Command("select id, schema, position, at, sequence, max(coalesce((select max(id) from kind), 0), coalesce((select max(id) from name), 0)) from store");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new(new Guid((byte[])row.GetValue(0), bigEndian: true), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt32(5)) : null;
    }

    public override async Task WriteHeadAsync(StoreHead head, CancellationToken cancellationToken)
    {
        await using var command = (SqliteCommand)Command("update store set id = $id, schema = $version, position = $position, at = $at, sequence = $sequence");
        command.Parameters.AddWithValue("$id", head.Id.ToByteArray(bigEndian: true));
        command.Parameters.AddWithValue("$version", head.Version);
        command.Parameters.AddWithValue("$position", head.Position);
        command.Parameters.AddWithValue("$at", head.Committed);
        command.Parameters.AddWithValue("$sequence", head.Entities);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task InsertAsync(StoreTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var connection = (SqliteConnection)Connection;
        await using var transaction = connection.BeginTransaction(deferred: false);
        if (!inserts.TryGetValue(table.Name, out var insert))
        {
            insert = connection.CreateCommand();
            insert.CommandText = $"insert into {table.Name} ({string.Join(", ", table.Columns.Select(Column))}) values ({string.Join(", ", table.Columns.Select((_, i) => FormattableString.Invariant($"$p{i}")))})";
            for (var i = 0; i < table.Columns.Count; i++)
            {
                insert.Parameters.Add(new SqliteParameter(FormattableString.Invariant($"$p{i}"), null));
            }

            inserts.Add(table.Name, insert);
        }

        insert.Transaction = transaction;
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < row.Length; i++)
            {
                insert.Parameters[i].Value = row[i] is double.NaN ? "NaN" : row[i] ?? DBNull.Value;
            }

            insert.ExecuteNonQuery();
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public override Task AnalyzeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        foreach (var insert in inserts.Values)
        {
            await insert.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override async Task<DbTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var transaction = ((SqliteConnection)Connection).BeginTransaction(deferred: true);

        // SQLite takes the snapshot at the first read.
        await using var first = Connection.CreateCommand();
        first.CommandText = "select count(*) from sqlite_master";
        first.Transaction = transaction;
        await first.ExecuteScalarAsync(cancellationToken);
        return transaction;
    }
}
