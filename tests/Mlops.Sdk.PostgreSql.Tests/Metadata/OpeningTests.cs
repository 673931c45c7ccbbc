using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Mlops.Sdk.TestServers;
using Npgsql;

namespace Mlops.Sdk.PostgreSql.Tests.Metadata;

public sealed class OpeningTests(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly Lazy<TestSchema> lazy = new(() => new(server));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TestSchema Schema => lazy.Value;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => lazy.IsValueCreated ? lazy.Value.DisposeAsync() : default;

    [Fact]
    public async Task Stores_that_open_at_once_make_one_schema()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Schema.Store().OpenAsync(Token)));

        opened.Distinct().Should().ContainSingle();
        (await Schema.CountAsync("select count(*) from §.store")).Should().Be(1);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        await Schema.Store().OpenAsync(Token);
        await Schema.ScalarAsync("update §.store set version = 99 returning version");

        (await Schema.Store().Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).WithMessage("*schema version 99*newer*Upgrade*Nothing was changed*");
        (await Schema.CountAsync("select version from §.store")).Should().Be(99);
    }

    [Theory]
    [InlineData(StoreMigration.Check)]
    [InlineData(StoreMigration.Never)]
    public async Task Without_leave_to_migrate_nothing_is_created_and_the_script_of_a_DBA_is_enough(StoreMigration migrate)
    {
        var store = Schema.Store(new() { Migrate = migrate });
        (await store.Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).WithMessage($"*missing*Migrate is {migrate}*Script*");
        (await Schema.CountAsync("select count(*) from pg_namespace where nspname = '§'")).Should().Be(0);

        foreach (var sql in RelationalMetadataStore.Script(new PostgreSqlDialect(Schema.Name)))
        {
            await Schema.ScalarAsync(sql);
        }

        (await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(new("thing", "a"), new(1, default))]), Token)).Committed.Should().BeTrue();
    }

    [Fact]
    public async Task Tables_of_another_application_are_left_alone()
    {
        await Schema.ScalarAsync("create schema §; create table §.entity(a text); create table §.link(b text)");
        (await Schema.Store().Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).WithMessage("*another application*Choose another schema*");
        (await Schema.CountAsync("select count(*) from pg_tables where schemaname = '§'")).Should().Be(2);
    }

    [Fact]
    public async Task A_store_table_of_another_application_is_left_alone()
    {
        await Schema.ScalarAsync("create schema §; create table §.store(name text)");
        (await Schema.Store().Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).WithMessage("*cannot be read as one of this SDK*belongs to no other application*");
    }

    [Fact]
    public async Task Wrong_credentials_are_named_and_never_repeated()
    {
        var given = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "hunter2" }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(given);
        await using var store = new RelationalMetadataStore(source, new PostgreSqlDialect());

        var error = (await store.Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which;

        error.Message.Should().Contain("refuses the credentials").And.Contain("user and password");
        error.ToString().Should().NotContain("hunter2");
        error.IsTransient.Should().BeFalse();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_transient_error_with_a_remedy()
    {
        await using var source = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=a;Password=hunter2;Database=d");
        await using var store = new RelationalMetadataStore(source, new PostgreSqlDialect(), new() { RetryFor = TimeSpan.Zero });

        var error = (await store.Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which;

        error.Message.Should().Contain("cannot be reached").And.Contain("host and port");
        error.ToString().Should().NotContain("hunter2");
        error.IsTransient.Should().BeTrue();
    }

    [Fact]
    public async Task A_role_that_may_not_write_is_told_what_it_lacks()
    {
        await Schema.Store().OpenAsync(Token);
        await Schema.ScalarAsync("create role §_reader login password 'p'; grant usage on schema § to §_reader; grant select on all tables in schema § to §_reader");
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = $"{Schema.Name}_reader", Password = "p" }.ConnectionString);
        await using var store = new RelationalMetadataStore(source, new PostgreSqlDialect(Schema.Name));

        (await store.FindAsync([new("thing", "a")], cancellationToken: Token)).Should().Equal((Entity?)null);
        (await store.Awaiting(s => s.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(new("thing", "a"), new(1, default))]), Token)).Should().ThrowAsync<MlopsException>())
            .WithMessage("*does not allow it (permission denied*Grant*");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mlops")]
    [InlineData("1a")]
    [InlineData("a; drop table entity")]
    [InlineData("a\"b")]
    [InlineData("x2345678901234567890123456789012345678901")]
    public void A_schema_that_is_no_plain_word_is_refused(string name) =>
        FluentActions.Invoking(() => new PostgreSqlDialect(name)).Should().Throw<ArgumentException>().WithMessage("*is not a name for the schema*lower-case letters*");
}
