using Mlops.Sdk.Metadata;
using Mlops.Sdk.TestServers;

namespace Mlops.Sdk.PostgreSql.Tests.Metadata;

public sealed class CommitTests(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly Lazy<TestSchema> lazy = new(() => new(server));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TestSchema Schema => lazy.Value;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => lazy.IsValueCreated ? lazy.Value.DisposeAsync() : default;

    [Fact]
    public async Task Commits_that_wait_together_share_a_transaction()
    {
        var store = Schema.Store();
        await store.OpenAsync(Token);
        var before = await TransactionsAsync();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => store.CommitAsync(New($"k{i}"), Token)));

        (await TransactionsAsync() - before).Should().BeLessThan(60);
        (await store.CountAsync("thing", cancellationToken: Token)).Should().Be(200);
    }

    [Fact]
    public async Task A_process_that_stops_inside_a_commit_holds_nobody_up_for_ever()
    {
        var store = Schema.Store();
        await store.OpenAsync(Token);

        // Another host took the lock as every commit does, and was then stopped.
        await using var stopped = await Schema.Source.OpenConnectionAsync(Token);
        await using var transaction = await stopped.BeginTransactionAsync(Token);
        await using (var command = stopped.CreateCommand())
        {
            command.CommandText = $"{new PostgreSqlDialect(Schema.Name).BeforeCommit[0].Replace("15000", "1500", StringComparison.Ordinal)}; select * from {Schema.Name}.store where one = 1 for update";
            await command.ExecuteNonQueryAsync(Token);
        }

        (await store.CommitAsync(New("a"), Token)).Committed.Should().BeTrue();
        await transaction.Awaiting(t => t.CommitAsync(Token)).Should().ThrowAsync<Npgsql.NpgsqlException>("the server ended it");
    }

    [Fact]
    public async Task Points_of_a_deleted_entity_are_gone_at_once_and_removed_afterwards()
    {
        var store = Schema.Store();
        await store.CommitAsync(New("a"), Token);
        await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Append(Id("a"), [.. Enumerable.Range(0, 3000).Select(i => new MetricPoint("m", i, DateTimeOffset.UnixEpoch, i))])]), Token);
        await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Delete(Id("a"), 1)]), Token);
        await store.CommitAsync(New("a"), Token);

        (await store.ReadPointsAsync(new(Id("a"), "m"), Token).CountAsync(Token)).Should().Be(0);
        await store.DisposeAsync();
        var again = Schema.Store();
        await again.CommitAsync(new(MlopsId.New(), "ada", [new Change.Delete(Id("a"), 1)]), Token);
        while (await Schema.CountAsync("select count(*) from §.purge") > 0)
        {
            await Task.Yield();
        }

        (await Schema.CountAsync("select count(*) from §.point")).Should().Be(0);
    }

    [Fact]
    public async Task A_commit_of_another_process_wakes_a_reader_without_a_poll()
    {
        var reader = Schema.Store(new() { EventPollInterval = TimeSpan.FromMinutes(10) });
        var writer = Schema.Store();
        await writer.OpenAsync(Token);
        var waiting = reader.ReadEventsAsync(new() { Wait = TimeSpan.FromMinutes(10) }, Token);
        while (await Schema.CountAsync("select count(*) from pg_stat_activity where query = 'listen §_committed'") == 0)
        {
            await Task.Yield();
        }

        await writer.CommitAsync(new(MlopsId.New(), "ada", [new Change.Note(Id("a"), "noted")]), Token);

        (await waiting).Items.Should().ContainSingle().Which.Type.Should().Be("noted");
    }

    [Fact]
    public async Task Names_that_two_hosts_use_first_at_the_same_time_are_interned_once()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => Schema.Store()).ToList();
        await stores[0].OpenAsync(Token);

        await Task.WhenAll(stores.SelectMany((store, s) => Enumerable.Range(0, 25).Select(i => store.CommitAsync(
            new(MlopsId.New(), "ada", [new Change.Create(Id($"{s}-{i}"), new(1, default)) { Attributes = new Dictionary<string, AttributeValue> { [$"n{i}"] = i } }, new Change.Note(Id("x"), $"t{i}")]), Token))));

        (await Schema.CountAsync("select count(*) - count(distinct (kind, text)) from §.name")).Should().Be(0);
        (await stores[0].CountAsync("thing", new EntityFilter.Compare("n7", Comparison.Equal, 7), cancellationToken: Token)).Should().Be(4);
    }

    private static EntityId Id(string key) => new("thing", key);

    private static Changeset New(string key) => new(MlopsId.New(), "ada", [new Change.Create(Id(key), new(1, default))]);

    private Task<long> TransactionsAsync() => Schema.CountAsync("select count(distinct xmin::text) from §.entity");
}
