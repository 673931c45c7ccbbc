using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>The database below a metadata store, for what the store itself does not offer: checking rows and copying them as they are.</summary>
internal abstract class StoreDatabase(StoreAddress address, DbConnection connection) : IAsyncDisposable
{
    /// <summary>A schema version from here on marks a copy that is not finished; the stores refuse it.</summary>
    public const int Unfinished = 2_000_000_000;

    private DbTransaction? snapshot;

    public StoreAddress Address { get; } = address;

    protected DbConnection Connection { get; } = connection;

    public static StoreDatabase Create(StoreAddress address) => address.Path is { } path ? new SqliteDatabase(address, path) : new PostgreSqlDatabase(address);

    /// <summary>The metadata store in this database.</summary>
    public abstract IMetadataStore Store(StoreMigration migrate);

    public abstract string Table(string name);

    public abstract string Column(StoreColumn column);

    /// <summary>The row of the store; null when there is no store yet.</summary>
    public abstract Task<StoreHead?> HeadAsync(CancellationToken cancellationToken);

    public abstract Task WriteHeadAsync(StoreHead head, CancellationToken cancellationToken);

    /// <summary>Inserts rows, all or none.</summary>
    public abstract Task InsertAsync(StoreTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>Helps the database to plan queries over what was copied.</summary>
    public abstract Task AnalyzeAsync(CancellationToken cancellationToken);

    public Task OpenAsync(CancellationToken cancellationToken) => Connection.OpenAsync(cancellationToken);

    /// <summary>From now on everything is read as it is at this moment.</summary>
    public async Task SnapshotAsync(CancellationToken cancellationToken) => snapshot = await BeginAsync(cancellationToken);

    public async Task<long> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        return await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows of a table along its key, from a key on. Points of entities that are gone are left out, and equal points come once.</summary>
    public async IAsyncEnumerable<object?[]> ReadAsync(StoreTable table, long from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var isPoint = table.Name == "point";
        var columns = table.Columns.Select(Column).ToList();
        var condition = isPoint ? $" and exists (select 1 from {Table("entity")} e where e.seq = t.owner)" : "";
        var order = isPoint ? string.Join(", ", columns.Select(column => "t." + column)) : "t." + columns[0];
        await using var command = Command($"select {string.Join(", ", columns.Select(column => "t." + column))} from {Table(table.Name)} t where t.{columns[0]} >= {from.ToString(CultureInfo.InvariantCulture)}{condition} order by {order}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        object?[]? before = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new object?[columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : Cell(reader, i, table.Columns[i].Type);
            }

            if (!isPoint || before is null || !before.SequenceEqual(row))
            {
                yield return row;
            }

            before = row;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (snapshot is not null)
        {
            await snapshot.DisposeAsync();
        }

        await Connection.DisposeAsync();
    }

    protected abstract Task<DbTransaction> BeginAsync(CancellationToken cancellationToken);

    protected DbCommand Command(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.Transaction = snapshot;
        return command;
    }

    /// <summary>SQLite keeps NaN as a text.</summary>
    private static object Cell(DbDataReader reader, int column, CellType type) => type switch
    {
        CellType.Small => reader.GetInt32(column),
        CellType.Big => reader.GetInt64(column),
        CellType.Number => reader.GetValue(column) is double number ? number : reader.GetValue(column) is string ? double.NaN : reader.GetDouble(column),
        CellType.Text => reader.GetString(column),
        _ => (byte[])reader.GetValue(column),
    };
}
