using System.Diagnostics;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Benchmarks.Metadata;

/// <summary>64 writers that commit numbered versions of one model.</summary>
internal sealed class Commit64Ratio : Ratio
{
    private const int Writers = 64, Each = 30;
    private static readonly byte[] Body = new byte[200];
    private DirectoryInfo? folder;
    private SqliteMetadataStore store = null!;
    private SqliteVersionsBaseline raw = null!;

    public override string Name => "metadata.commit64";

    public override string Unit => "commits/s";

    public override string Better => "higher";

    public override string BaselineIs => "64 threads with prepared ADO.NET commands behind a lock, a transaction and a sync for each version";

    public override string Durability => "full";

    public override long Rows => Writers * Each;

    public override async Task SetupAsync()
    {
        folder = Directory.CreateTempSubdirectory("mlops-ratio-");
        store = new(new() { Path = Path.Combine(folder.FullName, "ours.db") });
        await store.OpenAsync();
        raw = new(Path.Combine(folder.FullName, "raw.db"));
    }

    public override async Task<double> OursAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.CreateNumbered("version", new("model", "m"), new(1, Body))]));
            }
        })));
        return Rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public override Task<double> BaselineAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Writers).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                raw.Commit(Body);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return Task.FromResult(Rows / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    public override async ValueTask DisposeAsync()
    {
        await (store?.DisposeAsync() ?? ValueTask.CompletedTask);
        raw?.Dispose();
        folder?.Delete(recursive: true);
        await base.DisposeAsync();
    }
}
