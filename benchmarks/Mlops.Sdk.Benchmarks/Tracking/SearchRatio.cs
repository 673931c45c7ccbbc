using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Benchmarks.Tracking;

/// <summary>The first page of a search in 10,000 runs, from the text to the runs with params and metrics.</summary>
internal sealed class SearchRatio(string name, string text, string sql, int calls) : Ratio
{
    private const int Runs = 10_000;
    private DirectoryInfo? folder;
    private ServiceProvider services = null!;
    private IExperimentTracker tracker = null!;
    private SqliteSearchBaseline raw = null!;

    public override string Name => name;

    public override string Unit => "us/page";

    public override string Better => "lower";

    public override string BaselineIs => "hand-written SQL through ADO.NET over the same database: ids, params and metrics";

    public override long Rows => Runs;

    public override async Task SetupAsync()
    {
        folder = Directory.CreateTempSubdirectory("mlops-ratio-");
        var path = Path.Combine(folder.FullName, "mlops.db");
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddMlops().UseSqlite(options => options.Path = path).UseFileArtifacts(options => options.Root = Path.Combine(folder.FullName, "artifacts"));
        services = collection.BuildServiceProvider();
        await services.OpenMlopsAsync();
        await SearchData.FillAsync(services, Runs);
        tracker = services.GetRequiredService<IExperimentTracker>();
        raw = new(path, sql);
        var ours = (await tracker.SearchRunsAsync(RunQuery.Parse(text))).Items;
        if (!ours.Select(run => run.Id).SequenceEqual(raw.Page().Select(run => run.Id)))
        {
            throw new InvalidOperationException($"The two sides of {name} do not find the same runs.");
        }
    }

    public override async Task<double> OursAsync()
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            await tracker.SearchRunsAsync(RunQuery.Parse(text));
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / calls;
    }

    public override Task<double> BaselineAsync()
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            raw.Page();
        }

        return Task.FromResult(Stopwatch.GetElapsedTime(started).TotalMicroseconds / calls);
    }

    public override async ValueTask DisposeAsync()
    {
        await (services?.DisposeAsync() ?? ValueTask.CompletedTask);
        raw?.Dispose();
        folder?.Delete(recursive: true);
        await base.DisposeAsync();
    }
}
