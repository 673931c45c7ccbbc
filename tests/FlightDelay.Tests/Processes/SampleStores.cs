using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace FlightDelay.Tests.Processes;

/// <summary>Looks into the stores of a home, as another host would.</summary>
internal static class SampleStores
{
    private const string Model = "flight-delay";

    public static Task<List<int>> VersionsAsync(this Sample sample) => WithAsync<IModelRegistry, List<int>>(sample, async (registry, token) =>
        await registry.ListVersionsAsync(Model, token).Select(v => v.Version).ToListAsync(token));

    public static Task<int?> ChampionAsync(this Sample sample) => WithAsync<IModelRegistry, int?>(sample, async (registry, token) =>
        (await registry.FindAliasAsync(Model, "champion", token))?.Version);

    public static Task<int> MoveChampionAsync(this Sample sample, int version) => WithAsync<IModelRegistry, int>(sample, async (registry, token) =>
        (await registry.MoveAliasAsync(Model, "champion", version, await registry.FindAliasAsync(Model, "champion", token), "by hand", token)).Version);

    public static Task<List<TrackedRun>> RunsAsync(this Sample sample) => WithAsync<IExperimentTracker, List<TrackedRun>>(sample, async (tracker, token) =>
        await tracker.ListRunsAsync(cancellationToken: token).ToListAsync(token));

    private static async Task<T> WithAsync<TService, T>(Sample sample, Func<TService, CancellationToken, Task<T>> look)
        where TService : notnull
    {
        var services = new ServiceCollection().AddLogging();
        services.AddMlops().UseSqlite(o => o.Path = Path.Combine(sample.Home, "mlops.db")).UseFileArtifacts(o => o.Root = Path.Combine(sample.Home, "artifacts"));
        await using var provider = services.BuildServiceProvider();
        await provider.OpenMlopsAsync(TestContext.Current.CancellationToken);
        return await look(provider.GetRequiredService<TService>(), TestContext.Current.CancellationToken);
    }
}
