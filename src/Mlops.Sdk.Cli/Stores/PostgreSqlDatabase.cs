using System.Data;
using System.Data.Common;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>A metadata store in a schema of a PostgreSQL database.</summary>
internal sealed class PostgreSqlDatabase(StoreAddress address) : StoreDatabase(address, new NpgsqlConnection(address.ConnectionString))
{
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(address.ConnectionString!);

    public override IMetadataStore Store(StoreMigration migrate) =>
        new RelationalMetadataStore(source, new PostgreSqlDialect(Address.Schema), new() { Migrate = migrate, RetryFor = StoreErrors.Patience });

    public override string Table(string name) => new PostgreSqlDialect(Address.Schema).Table(name);

    public override string Column(StoreColumn column) => column.Name;

    public override async Task<StoreHead?> HeadAsync(CancellationToken cancellationToken)
    {
        if (await ScalarAsync($"select count(*) from pg_tables where schemaname = '{Address.Schema}' and tablename = 'store'", cancellationToken) == 0)
        {
            return null;
        }

        await using var command = Command($"select id, version, position, committed, entities, names from {Table("store")} where one = 1");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new(Guid.ParseExact(row.GetString(0), "N"), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt32(5)) : null;
    }

    public override async Task WriteHeadAsync(StoreHead head, CancellationToken cancellationToken)
    {
        await using var command = (NpgsqlCommand)Command($"update {Table("store")} set id = $1, version = $2, position = $3, committed = $4, entities = $5, names = $6 where one = 1");
        foreach (var value in (object[])[head.Id.ToString("N"), head.Version, head.Position, head.Committed, head.Entities, head.Names])
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task InsertAsync(StoreTable table, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var import = await ((NpgsqlConnection)Connection).BeginBinaryImportAsync($"copy {Table(table.Name)} ({string.Join(", ", table.Columns.Select(Column))}) from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
        {
            await import.StartRowAsync(cancellationToken);
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is { } value)
                {
                    await import.WriteAsync(value, Type(table.Columns[i].Type), cancellationToken);
                }
                else
                {
                    await import.WriteNullAsync(cancellationToken);
                }
            }
        }

        await import.CompleteAsync(cancellationToken);
    }

    public override async Task AnalyzeAsync(CancellationToken cancellationToken)
    {
        foreach (var table in StoreTable.All)
        {
            await ExecuteAsync($"analyze {Table(table.Name)}", cancellationToken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await source.DisposeAsync();
    }

    protected override async Task<DbTransaction> BeginAsync(CancellationToken cancellationToken) => await Connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    private static NpgsqlDbType Type(CellType type) => type switch
    {
        CellType.Small => NpgsqlDbType.Integer,
        CellType.Big => NpgsqlDbType.Bigint,
        CellType.Number => NpgsqlDbType.Double,
        CellType.Text => NpgsqlDbType.Text,
        _ => NpgsqlDbType.Bytea,
    };
}
