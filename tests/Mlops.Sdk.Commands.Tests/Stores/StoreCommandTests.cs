using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Cli.Stores;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.TestServers;
using Npgsql;

namespace Mlops.Sdk.Commands.Tests.Stores;

public sealed class StoreCommandTests(PostgreSqlServer server) : IDisposable
{
    private readonly StoreBench bench = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sound_store_passes_every_check(bool postgres)
    {
        var store = Store(postgres);
        await bench.FillAsync(store);

        var (code, output, error) = await StoreBench.RunAsync(store, "store", "check");

        code.Should().Be(0, output + error);
        output.Should().Contain("ok").And.NotContain("fail");
    }

    [Theory]
    [InlineData(false, "delete from §entity where id = 'delay/2'", "no alias points at a version that does not exist")]
    [InlineData(true, "delete from §entity where id = 'delay/2'", "no alias points at a version that does not exist")]
    [InlineData(false, "delete from §entity where id = 'delay/2'", "every link joins two entities")]
    [InlineData(true, "delete from §kind where name = 'alias'", "every entity has a kind")]
    [InlineData(false, "delete from §name where text = 'metric.auc'", "every number belongs to")]
    [InlineData(true, "delete from §name where text = 'state'", "every text belongs to")]
    [InlineData(true, "insert into §text select entity, name, 'x' from §number", "no attribute is a number and a text")]
    [InlineData(true, "insert into §point select owner + 1000, metric, step, ts, value from §point", "every metric point belongs to")]
    [InlineData(false, "update number set value = 77.0 where step is not null", "the latest value of every metric")]
    [InlineData(true, "delete from §point where step = 2", "the latest value of every metric")]
    [InlineData(true, "delete from §name where text = 'version.registered'", "every event has a kind and a type")]
    [InlineData(false, "update sequence set last = last - 1", "no number is higher than")]
    [InlineData(true, "update §store set position = 3", "the counters are not behind")]
    [InlineData(true, "update §store set names = 3", "the counters are not behind")]
    public async Task What_is_broken_is_named_and_fails_with_code_2(bool postgres, string sql, string rule)
    {
        var store = Store(postgres);
        await bench.FillAsync(store);
        await StoreBench.SqlAsync(store, sql);

        var (code, output, error) = await StoreBench.RunAsync(store, "store", "check", "--format", "md");

        code.Should().Be(2);
        output.Split('\n').Should().Contain(line => line.Contains(rule) && line.Contains("| fail"));
        error.Should().Contain("not sound").And.NotContain("only for tests");
    }

    [Fact]
    public async Task A_backup_is_a_store_and_never_overwrites()
    {
        var store = bench.File("mlops.db");
        var ids = await bench.FillAsync(store);
        var backup = bench.File("backup.db");

        (await StoreBench.RunAsync(store, "store", "backup", backup)).Code.Should().Be(0);
        var again = await StoreBench.RunAsync(store, "store", "backup", backup);

        again.Code.Should().Be(1);
        again.Error.Trim().Should().Contain("exists").And.NotContain("\n");
        using var host = bench.Host(backup);
        (await host.RowsAsync("runs", "list"))[0]["run"].GetString().Should().Be(ids[1]);
        (await StoreBench.RunAsync(bench.NewSchema(), "store", "backup", bench.File("other.db"))).Error.Should().Contain("pg_dump --schema=cli_").And.NotContain("only for tests");
    }

    [Fact]
    public async Task The_script_makes_a_store_that_opens_without_making_anything()
    {
        var store = bench.NewSchema();
        var address = StoreAddress.Parse(store);

        var (code, script, _) = await StoreBench.RunAsync(null, "store", "script", "--schema", address.Schema);
        await StoreBench.SqlAsync(store, script);

        code.Should().Be(0);
        await using var database = StoreDatabase.Create(address);
        var opened = database.Store(StoreMigration.Check);
        await using var _1 = (IAsyncDisposable)opened;
        (await opened.OpenAsync(Token)).System.Should().Be("postgresql");
    }

    [Fact]
    public async Task A_password_is_never_printed_even_when_it_is_wrong()
    {
        var builder = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "hunter2" };

        foreach (var args in (string[][])[["store", "check", "--verbose"], ["store", "copy", "--from", builder.ConnectionString, "--to", bench.File("x.db"), "--verbose"]])
        {
            var (code, output, error) = await StoreBench.RunAsync(builder.ConnectionString, args);

            code.Should().Be(1);
            (output + error).Should().Contain("password authentication failed").And.NotContain("hunter2");
        }
    }

    /// <summary>A column that one of the databases gets and the copy does not know would be lost without a word.</summary>
    [Fact]
    public async Task The_copy_knows_every_column_of_both_databases()
    {
        var (file, schema) = (bench.File("mlops.db"), bench.NewSchema());
        await bench.FillAsync(file);
        await bench.FillAsync(schema);
        string[] others = ["store", "purge"];

        (await ColumnsAsync(new SqliteConnection($"Data Source={file};Pooling=False"), "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'"))
            .Where(column => !others.Contains(column.Table)).Should().BeEquivalentTo(StoreTable.All.SelectMany(table => table.Columns.Select(column => (table.Name, column.Sqlite ?? column.Name))));
        var address = StoreAddress.Parse(schema);
        (await ColumnsAsync(new NpgsqlConnection(address.ConnectionString), $"select table_name, column_name from information_schema.columns join pg_tables on schemaname = table_schema and tablename = table_name where table_schema = '{address.Schema}'"))
            .Where(column => !others.Contains(column.Table)).Should().BeEquivalentTo(StoreTable.All.SelectMany(table => table.Columns.Select(column => (table.Name, column.Name))));
    }

    public void Dispose() => bench.Dispose();

    private string Store(bool postgres) => postgres ? bench.NewSchema() : bench.File("mlops.db");

    private static async Task<List<(string Table, string Column)>> ColumnsAsync(System.Data.Common.DbConnection connection, string sql)
    {
        await using var _ = connection;
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var rows = await command.ExecuteReaderAsync(Token);
        var columns = new List<(string, string)>();
        while (await rows.ReadAsync(Token))
        {
            columns.Add((rows.GetString(0), rows.GetString(1)));
        }

        return columns;
    }
}
