namespace FlightDelay.Tests.Processes;

/// <summary>A home after one undisturbed run on the small data, made once; tests work on copies.</summary>
public sealed class TrainedHome : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    internal string Data => folder["small.parquet"];

    internal Result Result { get; private set; } = null!;

    internal TimeSpan Duration { get; private set; }

    public async ValueTask InitializeAsync()
    {
        SmallData.Write(Data);
        var since = TimeProvider.System.GetTimestamp();
        Result = (await new Sample(folder["home"]).RunAsync("--data", Data)).ShouldExitWith(0).Result;
        Duration = TimeProvider.System.GetElapsedTime(since);
    }

    /// <summary>The sample with a copy of the home.</summary>
    internal Sample CopyTo(string home)
    {
        foreach (var file in Directory.EnumerateFiles(folder["home"], "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(home, Path.GetRelativePath(folder["home"], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return new(home);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
