using System.Diagnostics;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.Benchmarks.Data;

internal sealed class DataCheckRatio : Ratio
{
    private readonly DuckDbOptions options = new();
    private string path = "";

    public override string Name => "data.check";

    public override string Unit => "ms";

    public override string Better => "lower";

    public override string BaselineIs => "the same 14 rules as one hand-written DuckDB SELECT, same threads and memory limit";

    public override long Rows => 3_000_000;

    public override async Task SetupAsync()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null && path.Length == 0; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "benchmarks", "data", "flights-3m.parquet");
            path = File.Exists(candidate) ? candidate : "";
        }

        if (path.Length == 0)
        {
            throw new FileNotFoundException("benchmarks/data/flights-3m.parquet is missing; run: bash benchmarks/data.sh");
        }

        var ours = await CheckAsync();
        var theirs = HandWrittenCheck.Run(path, options.Threads, options.MemoryLimit);
        if ((ours.Rows, ours.Quarantined, ours.Reasons.GetValueOrDefault("delay.range")) != theirs)
        {
            throw new InvalidOperationException($"The two sides disagree: {ours.Rows}, {ours.Quarantined}, {ours.Reasons.GetValueOrDefault("delay.range")} against {theirs}.");
        }
    }

    public override async Task<double> OursAsync()
    {
        var watch = Stopwatch.StartNew();
        await CheckAsync();
        return watch.Elapsed.TotalMilliseconds;
    }

    public override Task<double> BaselineAsync()
    {
        var watch = Stopwatch.StartNew();
        HandWrittenCheck.Run(path, options.Threads, options.MemoryLimit);
        return Task.FromResult(watch.Elapsed.TotalMilliseconds);
    }

    private Task<DataCheckResult> CheckAsync() => new DuckDbDataEngine(options).CheckAsync(DataSource.Parquet(path), CheckedFlight.Contract);
}
