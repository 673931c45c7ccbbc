using System.Diagnostics;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Benchmarks.Baselines;

namespace Mlops.Sdk.Benchmarks.Artifacts;

/// <summary>One file of 1 GB into the file store.</summary>
internal sealed class PutRatio : Ratio
{
    private const int Megabytes = 1024;
    private DirectoryInfo folder = null!;
    private FileArtifactStore store = null!;
    private string source = null!;
    private long version;

    public override string Name => "artifacts.put";

    public override string Unit => "MB/s";

    public override string Better => "higher";

    public override string BaselineIs => "copy by 1 MB, SHA-256 on the way, fsync, rename";

    public override string Durability => "full";

    public override long Rows => 1;

    public override async Task SetupAsync()
    {
        folder = Directory.CreateTempSubdirectory("mlops-ratio-");
        source = Path.Combine(folder.FullName, "source");
        store = new(Options.Create(new FileArtifactOptions { Root = Path.Combine(folder.FullName, "artifacts") }));
        await store.OpenAsync();
        var random = new Random(1);
        var block = new byte[1 << 20];
        await using var file = File.Create(source);
        for (var i = 0; i < Megabytes; i++)
        {
            random.NextBytes(block);
            await file.WriteAsync(block);
        }
    }

    public override async Task<double> OursAsync()
    {
        Renew();
        var started = Stopwatch.GetTimestamp();
        ArtifactRef stored;
        await using (var content = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true))
        {
            stored = await store.PutAsync(content);
        }

        var rate = Megabytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await store.DeleteAsync(stored.Digest);
        return rate;
    }

    public override async Task<double> BaselineAsync()
    {
        Renew();
        var started = Stopwatch.GetTimestamp();
        var path = await FileCopyBaseline.PutAsync(source, folder.FullName);
        var rate = Megabytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
        File.Delete(path);
        return rate;
    }

    public override ValueTask DisposeAsync()
    {
        folder?.Delete(recursive: true);
        return base.DisposeAsync();
    }

    /// <summary>Other content each time: the same again would not be stored.</summary>
    private void Renew()
    {
        using var file = File.OpenHandle(source, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, BitConverter.GetBytes(++version), 0);
        RandomAccess.FlushToDisk(file);
    }
}
