using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Benchmarks.Tracking;

/// <summary>Metric points through the tracker, in batches of 1,000 with 100 keys, latest values included.</summary>
internal sealed class LogBatchRatio : Ratio
{
    private const int Batches = 100, Batch = 1000, Keys = 100;
    private static readonly string[] Names = [.. Enumerable.Range(0, Keys).Select(k => $"metric-{k}")];
    private DirectoryInfo? folder;
    private ServiceProvider services = null!;
    private ITrackedRun run = null!;
    private SqlitePointsBaseline raw = null!;
    private long ours;
    private long theirs;

    public override string Name => "tracking.log_batch.sqlite";

    public override string Unit => "points/s";

    public override string Better => "higher";

    public override string BaselineIs => "one prepared ADO.NET insert into the same table, a transaction and a sync per batch";

    public override string Durability => "full";

    public override long Rows => Batches * Batch;

    public override async Task SetupAsync()
    {
        folder = Directory.CreateTempSubdirectory("mlops-ratio-");
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddMlops().UseSqlite(options => options.Path = Path.Combine(folder.FullName, "ours.db")).UseFileArtifacts(options => options.Root = Path.Combine(folder.FullName, "artifacts"));
        collection.Configure<TrackingOptions>(options => options.BufferCapacity = Batches * Batch);
        services = collection.BuildServiceProvider();
        await services.OpenMlopsAsync();
        run = await services.GetRequiredService<IExperimentTracker>().StartRunAsync("ratio");
        raw = new(Path.Combine(folder.FullName, "raw.db"));
    }

    public override async Task<double> OursAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var points = new MetricPoint[Batch];
        for (var batch = 0; batch < Batches; batch++)
        {
            for (var i = 0; i < Batch; i++)
            {
                points[i] = new(Names[i % Keys], ours / Keys, DateTimeOffset.UnixEpoch.AddMilliseconds(ours), ours * 0.1);
                ours++;
            }

            await run.LogMetricsAsync(points);
        }

        await run.FlushAsync();
        if (run.DroppedPoints > 0)
        {
            throw new InvalidOperationException($"{run.DroppedPoints} points were dropped.");
        }

        return Rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public override Task<double> BaselineAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var points = new (int Key, long Step, long Timestamp, double Value)[Batch];
        for (var batch = 0; batch < Batches; batch++)
        {
            for (var i = 0; i < Batch; i++)
            {
                points[i] = (i % Keys, theirs / Keys, theirs, theirs * 0.1);
                theirs++;
            }

            raw.Insert(points);
        }

        return Task.FromResult(Rows / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    public override async ValueTask DisposeAsync()
    {
        await (run?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (services?.DisposeAsync() ?? ValueTask.CompletedTask);
        raw?.Dispose();
        folder?.Delete(recursive: true);
        await base.DisposeAsync();
    }
}
