using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Sqlite.Tests.Tracking;

public sealed class TrackingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-tracking-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Runs_of_eight_writers_are_complete_after_the_file_is_opened_again()
    {
        var ids = new string[8];
        await using (var host = await OpenAsync())
        {
            var tracker = host.GetRequiredService<IExperimentTracker>();
            await Parallel.ForEachAsync(Enumerable.Range(0, ids.Length), Token, async (i, token) =>
            {
                await using var run = await tracker.StartRunAsync("e", new() { Name = $"run {i}" }, token);
                ids[i] = run.Id;
                await run.LogParamAsync("i", i, token);
                for (var step = 0; step < 3000; step++)
                {
                    run.LogMetric("loss", step == 2999 ? double.NaN : i + step, step);
                }

                await run.LogArtifactAsync("a.txt", new MemoryStream([1, 2, 3]), token);
                await run.CompleteAsync(token);
            });
        }

        await using var again = await OpenAsync();
        var read = again.GetRequiredService<IExperimentTracker>();
        for (var i = 0; i < ids.Length; i++)
        {
            var run = await read.GetRunAsync(ids[i], Token);
            run.Should().BeEquivalentTo(new { Name = $"run {i}", State = RunState.Finished, DroppedPoints = 0L });
            run.Params["i"].Should().Be((AttributeValue)i);
            run.Metrics["loss"].Should().Be(double.NaN);
            run.Artifacts["a.txt"].Length.Should().Be(3);
            (await read.ReadMetricAsync(ids[i], "loss", Token).Select(point => point.Value).ToListAsync(Token)).Should().Equal(Enumerable.Range(0, 2999).Select(step => (double)(i + step)).Append(double.NaN));
        }

        (await read.ListRunsAsync(new() { Experiment = "e" }, Token).Select(run => run.Id).ToListAsync(Token)).Should().BeEquivalentTo(ids);
    }

    private async Task<ServiceProvider> OpenAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMlops(new ConfigurationBuilder().AddInMemoryCollection([new("Tracking:CaptureCode", "false")]).Build())
            .UseSqlite(options => options.Path = Path.Combine(folder.FullName, "mlops.db"))
            .UseFileArtifacts(options => options.Root = Path.Combine(folder.FullName, "artifacts"));
        var host = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        await host.OpenMlopsAsync(Token);
        return host;
    }
}
