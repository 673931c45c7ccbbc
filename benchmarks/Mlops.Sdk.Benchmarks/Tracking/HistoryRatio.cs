using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Benchmarks.Tracking;

/// <summary>The whole history of one metric as a stream.</summary>
internal sealed class HistoryRatio : Ratio
{
    private const int Points = 1_000_000, Batch = 10_000;
    private DirectoryInfo? folder;
    private ServiceProvider services = null!;
    private SqliteHistoryBaseline raw = null!;
    private string run = "";

    public override string Name => "tracking.history";

    public override string Unit => "points/s";

    public override string Better => "higher";

    public override string BaselineIs => "one ADO.NET reader over the same table";

    public override long Rows => Points;

    public override async Task SetupAsync()
    {
        folder = Directory.CreateTempSubdirectory("mlops-ratio-");
        var path = Path.Combine(folder.FullName, "mlops.db");
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddMlops().UseSqlite(options => options.Path = path).UseFileArtifacts(options => options.Root = Path.Combine(folder.FullName, "artifacts"));
        services = collection.BuildServiceProvider();
        await services.OpenMlopsAsync();
        await using var started = await services.GetRequiredService<IExperimentTracker>().StartRunAsync("bench");
        run = started.Id;
        var store = services.GetRequiredService<IMetadataStore>();
        for (var i = 0; i < Points; i += Batch)
        {
            var points = Enumerable.Range(i, Batch).Select(step => new MetricPoint("metric.loss", step, DateTimeOffset.UnixEpoch.AddMilliseconds(step), 1.0 / (step + 1)));
            await store.CommitAsync(new(MlopsId.New(), "bench", [new Change.Append(started.Entity, [.. points])]));
        }

        raw = new(path, run, "metric.loss");
    }

    public override async Task<double> OursAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var (count, sum) = (0L, 0.0);
        await foreach (var point in services.GetRequiredService<IExperimentTracker>().ReadMetricAsync(run, "loss"))
        {
            (count, sum) = (count + 1, sum + point.Value);
        }

        return Rate(started, count, sum);
    }

    public override Task<double> BaselineAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var (count, sum) = raw.Read();
        return Task.FromResult(Rate(started, count, sum));
    }

    public override async ValueTask DisposeAsync()
    {
        await (services?.DisposeAsync() ?? ValueTask.CompletedTask);
        raw?.Dispose();
        folder?.Delete(recursive: true);
        await base.DisposeAsync();
    }

    private static double Rate(long started, long count, double sum)
    {
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return count == Points && sum > 1 ? count / seconds : throw new InvalidOperationException($"{count} points were read.");
    }
}
