using Mlops.Sdk.StoreWorker;
using Mlops.Sdk.TestServers;

namespace Mlops.Sdk.PostgreSql.Tests.Metadata;

/// <summary>The promises of every store, on a real PostgreSQL.</summary>
public sealed class PromiseTests(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly Lazy<TestSchema> schema = new(() => new(server));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Address => $"postgresql:{schema.Value.Name}:{server.ConnectionString}";

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => schema.IsValueCreated ? schema.Value.DisposeAsync() : default;

    [Fact]
    public Task What_was_acknowledged_survives_kills_at_random_moments_while_another_process_writes() => StorePromises.SurvivesKillsAsync(Address, Environment.TickCount, Token);

    [Fact]
    public Task Eight_processes_of_four_threads_lose_nothing_and_duplicate_nothing() => StorePromises.HoldsACrowdAsync(Address, Token);

    [Fact]
    public Task Paging_gives_each_row_exactly_once_while_processes_insert() => StorePromises.PagesEachRowOnceAsync(Address, Token);

    [Fact]
    public async Task A_server_that_crashes_and_comes_back_loses_nothing_and_does_nothing_twice()
    {
        // Of this test alone: it takes the server away from everybody.
        await using var own = new PostgreSqlServer();
        await own.InitializeAsync();
        await StorePromises.SurvivesCrashesOfItsServerAsync($"postgresql:mlops:{own.ConnectionString}", own.Crash, Environment.TickCount, Token);
    }
}
