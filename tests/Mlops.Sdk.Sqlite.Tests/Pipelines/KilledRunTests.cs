namespace Mlops.Sdk.Sqlite.Tests.Pipelines;

public sealed class KilledRunTests : IDisposable
{
    private static readonly string[] All = ["> square 1", "> square 2", "> square 3", "> announce", "> sum"];
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-killed-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("square 2", 1)]
    [InlineData("announce", 3)]
    [InlineData("sum", 3)]
    public async Task A_run_that_is_killed_in_the_middle_of_a_step_goes_on_with_that_step(string stopAt, int finished)
    {
        var killed = await RunAsync(stopAt);
        killed.Should().EndWith(["> " + stopAt, "> stopped"]);

        var resumed = await RunAsync("");
        var third = await RunAsync("");

        // The announcement is not cached: it runs in every run, and a run that takes the place of a killed one announces under the same key.
        resumed.SkipLast(1).Should().Equal(All.Skip(finished));
        resumed[^1].Should().Be($"> result 20014 executed {5 - finished} cached {finished} as Chain/2");
        third.Should().Equal("> announce", "> result 20014 executed 1 cached 4 as Chain/3");
        var effects = await File.ReadAllLinesAsync(Path.Combine(folder, "effects"), Token);
        effects.Should().HaveCount(stopAt == "square 2" ? 2 : 3);
        effects.SkipLast(1).Distinct().Should().ContainSingle();
        effects[^1].Should().NotBe(effects[0], "it is a new run");
    }

    private async Task<string[]> RunAsync(string stopAt)
    {
        using var child = KilledRun.Start(folder, stopAt);
        var lines = new List<string>();
        while (await child.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                lines.Add(line);
            }

            if (line == "> stopped")
            {
                child.Kill();
            }
        }

        await child.WaitForExitAsync(Token);
        return [.. lines];
    }
}
