using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.StoreWorker;

/// <summary>What every store of several processes promises, tried on one store that was empty. Each test class of a provider calls them with its own address.</summary>
public static class StorePromises
{
    private const int Processes = 8;
    private const int Threads = 4;

    /// <summary>How much more than usual a test shall do: 10 is what the promises are made for.</summary>
    public static int Scale { get; } = int.Parse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE") ?? "1", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Two processes write; again and again one of them is killed at a random moment and replaced. What they were told is there.</summary>
    public static async Task SurvivesKillsAsync(string address, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        await using var crew = new WorkerCrew(address);
        WorkerProcess[] workers = [crew.Start(Threads), crew.Start(Threads)];
        for (var kill = 0; kill < 10 * Scale; kill++)
        {
            var victim = random.Next(workers.Length);
            await workers[victim].PrintedAsync(random.Next(1, 60), cancellationToken);
            SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(random.NextDouble() * 5));
            await workers[victim].KillAsync();
            workers[victim] = crew.Start(Threads);
        }

        foreach (var worker in workers)
        {
            await worker.PrintedAsync(1, cancellationToken);
            await worker.KillAsync();
        }

        crew.Acknowledged.Errors.Should().BeEmpty("a process that goes on does not see the end of another");
        await using var host = await StoreHost.OpenAsync(StoreAddress.Store(address), cancellationToken: cancellationToken);
        await StoreCheck.CheckAsync(host, crew.Acknowledged, complete: false, cancellationToken);
    }

    /// <summary>Processes write while the server of the store ends without any clean-up and comes back, again and again. They see no error, and nothing is lost or done twice.</summary>
    /// <param name="address">The store.</param>
    /// <param name="crash">Ends the server and starts it again.</param>
    /// <param name="seed">Decides about the moments.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task SurvivesCrashesOfItsServerAsync(string address, Action crash, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        await using var crew = new WorkerCrew(address);
        List<WorkerProcess> workers = [.. Enumerable.Range(0, 3).Select(_ => crew.Start(Threads, 6 * Scale))];
        for (var i = 0; i < 3 * Scale; i++)
        {
            await workers[0].PrintedAsync(random.Next(1, 40), cancellationToken);
            SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(random.NextDouble() * 5));
            crash();
        }

        await crew.EndAsync(cancellationToken);
        crew.Acknowledged.Errors.Should().BeEmpty("a restart is waited for");
        crew.Acknowledged.Ended.Should().HaveCount(3 * Threads * 6 * Scale);
        await using var host = await StoreHost.OpenAsync(StoreAddress.Store(address), cancellationToken: cancellationToken);
        await StoreCheck.CheckAsync(host, crew.Acknowledged, complete: true, cancellationToken);
    }

    /// <summary>Eight processes of four threads each write at once, and nobody sees an error.</summary>
    public static async Task HoldsACrowdAsync(string address, CancellationToken cancellationToken)
    {
        await using var crew = new WorkerCrew(address);
        for (var i = 0; i < Processes; i++)
        {
            crew.Start(Threads, 2 * Scale);
        }

        await crew.EndAsync(cancellationToken);
        crew.Acknowledged.Errors.Should().BeEmpty("no lock and no conflict of a store comes through to a caller");
        crew.Acknowledged.Ended.Should().HaveCount(Processes * Threads * 2 * Scale);
        await using var host = await StoreHost.OpenAsync(StoreAddress.Store(address), cancellationToken: cancellationToken);
        await StoreCheck.CheckAsync(host, crew.Acknowledged, complete: true, cancellationToken);
    }

    /// <summary>While another process inserts, every row that was there before a listing began is listed once, and no other twice.</summary>
    public static async Task PagesEachRowOnceAsync(string address, CancellationToken cancellationToken)
    {
        await using var crew = new WorkerCrew(address);
        await crew.Start(Threads).PrintedAsync(200, cancellationToken);
        await using var host = await StoreHost.OpenAsync(StoreAddress.Store(address), cancellationToken: cancellationToken);
        Order[] orders = [new("name"), new("name", Descending: true), new("@created"), new("@created", Descending: true), new("@key"), new("absent")];
        for (var round = 0; round < 3 * Scale; round++)
        {
            foreach (var order in orders.Select(order => (IReadOnlyList<Order>)[order]).Append([]))
            {
                var before = crew.Acknowledged.Runs.Keys;
                var listed = await PagesAsync(host.Store, order, cancellationToken);
                listed.Should().OnlyHaveUniqueItems("ordered by {0}", string.Join(',', order)).And.Contain(before);
            }

            var known = crew.Acknowledged.Runs.Keys;
            (await host.Tracker.ListRunsAsync(cancellationToken: cancellationToken).Select(run => run.Id).ToListAsync(cancellationToken)).Should().OnlyHaveUniqueItems().And.Contain(known);
            var versions = crew.Acknowledged.Versions;
            (await host.Registry.ListVersionsAsync(Workload.Model, cancellationToken).Select(version => version.Version).ToListAsync(cancellationToken)).Should().OnlyHaveUniqueItems().And.Contain(versions);
        }
    }

    private static async Task<List<string>> PagesAsync(IMetadataStore store, IReadOnlyList<Order> order, CancellationToken cancellationToken)
    {
        var listed = new List<string>();
        var query = new EntityQuery("run") { Order = order, Limit = 7, Parts = EntityParts.None };
        do
        {
            var page = await store.QueryAsync(query, cancellationToken);
            listed.AddRange(page.Items.Select(entity => entity.Id.Key));
            query = query with { After = page.Next };
        }
        while (query.After is not null);
        return listed;
    }
}
