using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Mlops.Sdk.TestServers;
using MySqlConnector;

namespace MariaDbStore.Tests;

/// <summary>What is peculiar to a database without transactional DDL, with small packets and with numbers of its own.</summary>
public sealed class MariaDbStoreTests(MariaDbServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_keeps_its_metadata_in_the_database_of_a_connection_string()
    {
        await using var source = await MariaDbDatabases.CreateAsync(server, Token);
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddMlops().UseMariaDb(Connection(source).ConnectionString).UseArtifactStore(_ => new InMemoryArtifactStore());
        using (var host = builder.Build())
        {
            await host.StartAsync(Token);
            await host.Services.GetRequiredService<IMetadataStore>().CommitAsync(New("a"), Token);
            await host.StopAsync(Token);
        }

        await using var store = new RelationalMetadataStore(source, new MariaDbDialect());
        (await store.CountAsync("thing", cancellationToken: Token)).Should().Be(1);
    }

    [Fact]
    public async Task Processes_that_open_at_once_make_one_store()
    {
        await using var source = await MariaDbDatabases.CreateAsync(server, Token);
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var own = new MySqlDataSource(Connection(source).ConnectionString);
            await using var store = new RelationalMetadataStore(own, new MariaDbDialect());
            return await store.OpenAsync(Token);
        }));
        opened.Distinct().Should().ContainSingle();
        (await RunAsync(source, "select count(*) from store")).Should().Be(1L);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public async Task A_creation_that_was_interrupted_is_finished(int after)
    {
        await using var source = await MariaDbDatabases.CreateAsync(server, Token);
        foreach (var sql in RelationalMetadataStore.Script(new MariaDbDialect()).SkipLast(1).Take(after))
        {
            await RunAsync(source, sql);
        }

        await using var store = new RelationalMetadataStore(source, new MariaDbDialect());
        (await store.CommitAsync(New("a"), Token)).Committed.Should().BeTrue();
    }

    [Fact]
    public async Task Tables_of_another_application_are_refused_and_left_alone()
    {
        await using var source = await MariaDbDatabases.CreateAsync(server, Token);
        await RunAsync(source, "create table event (at datetime, what text)");
        await using var store = new RelationalMetadataStore(source, new MariaDbDialect());
        (await store.Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).WithMessage("*`event` cannot be read as one of this SDK*Unknown column*belongs to no other application*");
        (await RunAsync(source, "select count(*) from information_schema.tables where table_schema = database()")).Should().Be(1L);
    }

    [Fact]
    public async Task A_changeset_that_is_larger_than_a_packet_of_the_server_is_one_commit()
    {
        await using var source = await MariaDbDatabases.CreateAsync(server, Token);
        await using var store = new RelationalMetadataStore(source, new MariaDbDialect());
        var body = new byte[MetadataLimits.InlineBytes];
        var text = new string('\'', 4000);
        var changes = Enumerable.Range(0, 1500).Select(i => new Change.Create(new("thing", $"{i}"), new(1, body)) { Attributes = new Dictionary<string, AttributeValue> { ["text"] = text } });
        (await store.CommitAsync(new(MlopsId.New(), "ada", [.. changes]), Token)).Committed.Should().BeTrue();
        (await store.CountAsync("thing", new EntityFilter.Compare("text", Comparison.Equal, text), cancellationToken: Token)).Should().Be(1500);
    }

    [Fact]
    public void The_outermost_numbers_make_room_for_NaN_and_the_infinities_and_keep_the_order()
    {
        var dialect = new MariaDbDialect();
        double[] numbers = [double.NegativeInfinity, double.MinValue, -1e300, 0, double.Epsilon, 1e300, double.MaxValue, double.PositiveInfinity, double.NaN];
        var kept = numbers.Select(dialect.Encode).Cast<double>().ToList();
        kept.Should().OnlyHaveUniqueItems().And.BeInAscendingOrder().And.OnlyContain(n => double.IsFinite(n));
        kept.Select(dialect.Decode).Should().Equal(numbers);
        dialect.Decode((double)dialect.Encode(Math.BitDecrement(double.MaxValue))).Should().Be(double.MaxValue);
    }

    [Fact]
    public async Task Wrong_credentials_are_named_and_never_repeated()
    {
        var error = await OpenAsync(new(server.ConnectionString) { Password = "hunter2" });
        error.Message.Should().Contain("refuses the credentials").And.Contain("user and password");
        error.ToString().Should().NotContain("hunter2");
        error.IsTransient.Should().BeFalse();
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named() =>
        (await OpenAsync(new(server.ConnectionString) { Database = "nowhere" })).Message.Should().Contain("Unknown database 'nowhere'").And.Contain("Create the database");

    [Fact]
    public async Task A_server_that_is_not_there_is_a_transient_error_with_a_remedy()
    {
        var error = await OpenAsync(new() { Server = "127.0.0.1", Port = 1, UserID = "a", Password = "hunter2", Database = "d" });
        error.Message.Should().Contain("cannot be reached").And.Contain("host and port");
        error.ToString().Should().NotContain("hunter2");
        error.IsTransient.Should().BeTrue();
    }

    private static Changeset New(string key) => new(MlopsId.New(), "ada", [new Change.Create(new("thing", key), new(1, default))]);

    private static async Task<MlopsException> OpenAsync(MySqlConnectionStringBuilder connection)
    {
        await using var source = new MySqlDataSource(connection.ConnectionString);
        await using var store = new RelationalMetadataStore(source, new MariaDbDialect(), new() { RetryFor = TimeSpan.Zero });
        return (await store.Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which;
    }

    private static async Task<object?> RunAsync(MySqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }

    private MySqlConnectionStringBuilder Connection(MySqlDataSource source) => new(server.ConnectionString) { Database = MariaDbDatabases.Name(source) };
}
