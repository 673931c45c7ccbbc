using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Benchmarks.Registry;

/// <summary>From an alias to its version in memory, kept fresh by the change feed. Refuses to give a number when a call allocates.</summary>
internal sealed class ResolveCachedRatio : Ratio
{
    private const int Models = 100, Calls = 5_000_000;
    private static readonly string[] Names = [.. Enumerable.Range(0, Models).Select(m => $"model-{m}")];
    private readonly DictionaryBaseline raw = new(Names);
    private DirectoryInfo? folder;
    private ServiceProvider services = null!;
    private IModelAliases aliases = null!;

    public override string Name => "registry.resolve.cached";

    public override string Unit => "ns/call";

    public override string Better => "lower";

    public override string BaselineIs => "one read of a Dictionary<string, string>";

    public override long Rows => Calls;

    public override async Task SetupAsync()
    {
        folder = Directory.CreateTempSubdirectory("mlops-ratio-");
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddMlops().UseSqlite(options => options.Path = Path.Combine(folder.FullName, "ours.db")).UseFileArtifacts(options => options.Root = Path.Combine(folder.FullName, "artifacts"));
        collection.Configure<RegistryOptions>(options => options.AliasMaxAge = TimeSpan.FromMinutes(10));
        services = collection.BuildServiceProvider();
        await services.OpenMlopsAsync();
        await RegisteredModels.AddAsync(services, Names);
        aliases = services.GetRequiredService<IModelAliases>();
        for (var round = 0; round < 3; round++)
        {
            foreach (var name in Names)
            {
                await aliases.ResolveAsync(name, "champion");
            }

            // The follower reads what is history, which makes it forget once.
            await Task.Delay(300);
        }
    }

    public override Task<double> OursAsync()
    {
        var (allocated, started, found) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp(), 0L);
        for (var i = 0; i < Calls; i++)
        {
            var answer = aliases.ResolveAsync(Names[i % Models], "champion");
            found += answer.IsCompletedSuccessfully ? answer.Result.Version : 0;
        }

        var took = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Calls;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return found == Calls && allocated < Calls / 100
            ? Task.FromResult(took)
            : throw new InvalidOperationException($"{found} versions were found and {allocated} bytes allocated in {Calls} calls.");
    }

    public override Task<double> BaselineAsync()
    {
        var started = Stopwatch.GetTimestamp();
        raw.Read(Names, Calls);
        return Task.FromResult(Stopwatch.GetElapsedTime(started).TotalNanoseconds / Calls);
    }

    public override async ValueTask DisposeAsync()
    {
        await (services?.DisposeAsync() ?? ValueTask.CompletedTask);
        folder?.Delete(recursive: true);
        await base.DisposeAsync();
    }
}
