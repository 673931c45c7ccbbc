using Mlops.Sdk.StoreWorker;
using Mlops.Sdk.TestServers;

namespace MariaDbStore.Tests;

/// <summary>The promises of every store, on a real MariaDB.</summary>
public sealed class PromiseTests(MariaDbServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_processes_of_four_threads_lose_nothing_and_duplicate_nothing() => await StorePromises.HoldsACrowdAsync(await AddressAsync(server), Token);

    [Fact]
    public async Task A_server_that_is_killed_and_comes_back_loses_nothing_and_does_nothing_twice()
    {
        // Of this test alone: it takes the server away from everybody.
        await using var own = new MariaDbServer();
        await own.InitializeAsync();
        await StorePromises.SurvivesCrashesOfItsServerAsync(await AddressAsync(own), own.Crash, Environment.TickCount, Token);
    }

    private static async Task<string> AddressAsync(MariaDbServer server)
    {
        await using var database = await MariaDbDatabases.CreateAsync(server, Token);
        return $"mariadb:{MariaDbDatabases.Name(database)}:{server.ConnectionString}";
    }
}
