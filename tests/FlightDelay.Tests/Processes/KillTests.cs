using System.Globalization;

namespace FlightDelay.Tests.Processes;

public sealed class KillTests(TrainedHome trained) : IClassFixture<TrainedHome>
{
    private const int Killed = 137;

    private static int Scale => int.TryParse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE"), CultureInfo.InvariantCulture, out var scale) ? scale : 1;

    [Fact]
    public async Task A_candidate_that_was_fitted_before_the_kill_is_not_fitted_again()
    {
        using var folder = new TemporaryFolder();
        var sample = new Sample(folder["home"]);

        var killed = (await sample.RunAsync("--data", trained.Data, "--kill-after", "fit")).ShouldExitWith(Killed);

        killed.Output.Should().BeEmpty();
        var fitted = Steps(killed).Where(s => s.Step.StartsWith("fit[", StringComparison.Ordinal)).Select(s => s.Step).ToList();
        fitted.Should().NotBeEmpty();

        var next = (await sample.RunAsync("--data", trained.Data)).ShouldExitWith(0);

        var cached = Steps(next).Where(s => s.Outcome == "cached").Select(s => s.Step).ToList();
        cached.Should().Contain(fitted).And.Contain(["load[1]", "validate[1]", "split[1]", "features[1]"]);
        next.Result.StepsExecuted.Should().Be(14 - cached.Count);
        next.Result.Should().BeEquivalentTo(trained.Result with { StepsExecuted = next.Result.StepsExecuted, StepsCached = cached.Count });
    }

    [Fact]
    public async Task Killed_at_any_moment_a_run_completes_to_the_same_digests()
    {
        var kills = 10 * Scale;
        var hits = 0;
        await Parallel.ForAsync(0, kills, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (i, cancellationToken) =>
        {
            // Spread over the run, random within each part: a start alone takes a while, and two run at a time.
            using var folder = new TemporaryFolder();
            var sample = new Sample(folder["home"]);
            using var process = sample.Start("--data", trained.Data);
            var finished = Sample.FinishAsync(process);
            await Task.WhenAny(finished, Task.Delay(trained.Duration * 1.5 * ((i + Random.Shared.NextDouble()) / kills), cancellationToken));
            process.Kill();
            Interlocked.Add(ref hits, (await finished).ExitCode == Killed ? 1 : 0);

            var next = (await sample.RunAsync("--data", trained.Data)).ShouldExitWith(0).Result;

            next.Should().BeEquivalentTo(trained.Result with { StepsExecuted = next.StepsExecuted, StepsCached = next.StepsCached });
            (next.StepsExecuted + next.StepsCached).Should().Be(14);
        });
        hits.Should().BeGreaterThan(kills / 3, "most kills should meet a run that has not ended");
    }

    [Fact]
    public async Task A_cancelled_run_says_so_and_goes_on_the_next_time()
    {
        using var folder = new TemporaryFolder();
        var sample = new Sample(folder["home"]);
        using var process = sample.Start("--data", trained.Data);
        await Signals.CancelAsync(process, after: "features[1]");

        (await Sample.FinishAsync(process)).ShouldFailWith("Canceled", "the same command goes on from there");

        var next = (await sample.RunAsync("--data", trained.Data)).ShouldExitWith(0).Result;
        next.StepsCached.Should().BeGreaterThanOrEqualTo(4);
        next.ModelDigest.Should().Be(trained.Result.ModelDigest);
    }

    private static IEnumerable<(string Step, string Outcome)> Steps(Run run) => run.Error.Split('\n')
        .Select(line => line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Where(parts => parts.Length == 2 && parts[0].EndsWith(']'))
        .Select(parts => (parts[0], parts[1]));
}
