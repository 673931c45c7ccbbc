using System.Data.Common;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Mlops.Sdk.TestServers;
using Npgsql;

namespace Mlops.Sdk.PostgreSql.Tests.Metadata;

public sealed class HardCaseTests(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly Lazy<TestSchema> lazy = new(() => new(server));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TestSchema Schema => lazy.Value;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => lazy.IsValueCreated ? lazy.Value.DisposeAsync() : default;

    [Fact]
    public async Task A_kind_that_another_host_adds_while_one_entity_is_looked_for_is_not_missed_later()
    {
        var store = Schema.Store();
        await store.OpenAsync(Token);
        await using var other = await Schema.Source.OpenConnectionAsync(Token);
        await using var transaction = await other.BeginTransactionAsync(Token);
        await using (var command = other.CreateCommand())
        {
            // Another host interns a kind and a name; the lock makes the reader see the kinds of before and the names of after.
            command.CommandText = $"lock table {Schema.Name}.name in access exclusive mode; insert into {Schema.Name}.kind values (1, 'default', 'thing'); insert into {Schema.Name}.name values (2, 1, 'a'); update {Schema.Name}.store set names = 2";
            await command.ExecuteNonQueryAsync(Token);
        }

        var finding = store.FindAsync([Id("a")], cancellationToken: Token);
        while (await Schema.CountAsync("select count(*) from pg_locks where not granted and relation = '§.name'::regclass") == 0)
        {
            finding.IsCompleted.Should().BeFalse();
            await Task.Yield();
        }

        await transaction.CommitAsync(Token);
        (await finding).Should().Equal((Entity?)null);

        (await Schema.Store().CommitAsync(New("a"), Token)).Committed.Should().BeTrue();
        (await store.FindAsync([Id("a")], cancellationToken: Token))[0].Should().NotBeNull();
        (await store.CommitAsync(New("b"), Token)).Committed.Should().BeTrue();
    }

    [Fact]
    public async Task Changes_that_cannot_be_enumerated_hold_nobody_up()
    {
        var store = Schema.Store();
        await store.OpenAsync(Token);

        var broken = store.CommitAsync(new(MlopsId.New(), "ada", new Broken([new Change.Create(Id("a"), new(1, default))])), Token);

        await broken.Awaiting(task => task.WaitAsync(TimeSpan.FromSeconds(10), Token)).Should().ThrowAsync<InvalidOperationException>();
        (await store.CommitAsync(New("b"), Token)).Committed.Should().BeTrue();
    }

    [Fact]
    public async Task One_connection_is_enough_to_create_the_store()
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { MaxPoolSize = 1, Timeout = 1 }.ConnectionString);
        await using var store = new RelationalMetadataStore(source, new PostgreSqlDialect(Schema.Name), new() { RetryFor = TimeSpan.Zero });

        (await store.CommitAsync(New("a"), Token)).Committed.Should().BeTrue();
    }

    [Theory]
    [InlineData("user")]
    [InlineData("table")]
    public async Task A_schema_may_be_called_by_a_word_of_SQL(string name)
    {
        await using var store = new RelationalMetadataStore(Schema.Source, new PostgreSqlDialect(name));

        (await store.CommitAsync(New("a"), Token)).Committed.Should().BeTrue();
        (await Schema.CountAsync($"select count(*) from \"{name}\".runs")).Should().Be(0);
    }

    [Fact]
    public async Task A_role_that_may_not_look_is_told_what_it_lacks()
    {
        await Schema.Store().OpenAsync(Token);
        await Schema.ScalarAsync("create role §_stranger login password 'p'");
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = $"{Schema.Name}_stranger", Password = "p" }.ConnectionString);
        await using var store = new RelationalMetadataStore(source, new PostgreSqlDialect(Schema.Name));

        (await store.Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).WithMessage("*does not allow it (permission denied*Grant*");
    }

    [Fact]
    public async Task Attempts_that_take_long_count_against_the_time_for_retries()
    {
        var clock = new Clock();
        await using var source = new Unreachable(clock);
        await using var store = new RelationalMetadataStore(source, new PostgreSqlDialect(), new() { RetryFor = TimeSpan.FromSeconds(30) }, clock);

        (await store.Awaiting(s => s.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which.IsTransient.Should().BeTrue();

        source.Attempts.Should().Be(2, "each took 20 seconds");
    }

    [Fact]
    public async Task Retries_may_go_on_for_ever()
    {
        await using var store = Schema.Store(new() { RetryFor = TimeSpan.MaxValue });

        (await store.CommitAsync(New("a"), Token)).Committed.Should().BeTrue();
    }

    private static EntityId Id(string key) => new("thing", key);

    private static Changeset New(string key) => new(MlopsId.New(), "ada", [new Change.Create(Id(key), new(1, default))]);

    /// <summary>A list that was changed by somebody else meanwhile.</summary>
    private sealed class Broken(IReadOnlyList<Change> changes) : IReadOnlyList<Change>
    {
        public int Count => changes.Count;

        public Change this[int index] => changes[index];

        public IEnumerator<Change> GetEnumerator() => throw new InvalidOperationException("Collection was modified.");

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>Stands still but for attempts.</summary>
    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }

    /// <summary>A server that does not answer: it takes 20 seconds to give up.</summary>
    private sealed class Unreachable(Clock clock) : DbDataSource
    {
        public int Attempts { get; private set; }

        public override string ConnectionString => "";

        protected override DbConnection CreateDbConnection()
        {
            Attempts++;
            clock.Seconds += 20;
            throw new NpgsqlException("Failed to connect", new TimeoutException());
        }
    }
}
