using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Benchmarks.Registry;

/// <summary>From an alias to its version with everything known of it, read from the store each time.</summary>
internal sealed class ResolveUncachedRatio : Ratio
{
    private const int Models = 100, Calls = 10_000;
    private static readonly string[] Names = [.. Enumerable.Range(0, Models).Select(m => $"model-{m}")];
    private DirectoryInfo? folder;
    private ServiceProvider services = null!;
    private IModelRegistry registry = null!;
    private SqliteResolveBaseline raw = null!;

    public override string Name => "registry.resolve.uncached";

    public override string Unit => "us/call";

    public override string Better => "lower";

    public override string BaselineIs => "one prepared ADO.NET point query over a table with everything in one row";

    public override long Rows => Calls;

    public override async Task SetupAsync()
    {
        folder = Directory.CreateTempSubdirectory("mlops-ratio-");
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddMlops().UseSqlite(options => options.Path = Path.Combine(folder.FullName, "ours.db")).UseFileArtifacts(options => options.Root = Path.Combine(folder.FullName, "artifacts"));
        services = collection.BuildServiceProvider();
        await services.OpenMlopsAsync();
        registry = services.GetRequiredService<IModelRegistry>();
        raw = new(Path.Combine(folder.FullName, "raw.db"));
        await RegisteredModels.AddAsync(services, Names);
        Array.ForEach(Names, name => raw.Insert(name, "champion", 1, new string('a', 71)));
    }

    public override async Task<double> OursAsync()
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            await registry.GetVersionByAliasAsync(Names[i % Models], "champion");
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / Calls;
    }

    public override Task<double> BaselineAsync()
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            raw.Resolve(Names[i % Models], "champion");
        }

        return Task.FromResult(Stopwatch.GetElapsedTime(started).TotalMicroseconds / Calls);
    }

    public override async ValueTask DisposeAsync()
    {
        await (services?.DisposeAsync() ?? ValueTask.CompletedTask);
        raw?.Dispose();
        folder?.Delete(recursive: true);
        await base.DisposeAsync();
    }
}
