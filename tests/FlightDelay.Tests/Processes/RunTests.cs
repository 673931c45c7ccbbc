using System.Text.RegularExpressions;

namespace FlightDelay.Tests.Processes;

public sealed partial class RunTests
{
    [Fact]
    public async Task The_second_run_executes_nothing_and_a_challenger_meets_the_champion()
    {
        using var folder = new TemporaryFolder();
        var sample = new Sample(folder["home"]);

        var first = (await sample.RunAsync()).ShouldExitWith(0).Result;

        (first.Rows, first.Valid, first.Quarantined).Should().Be((656_521, 656_491, 30));
        first.Reasons.Should().BeEquivalentTo(new Dictionary<string, long> { ["lands_after_departure"] = 22, ["delay.range"] = 11 });
        (first.StepsExecuted, first.StepsCached).Should().Be((14, 0));
        (first.Verdict, first.Version, first.Alias).Should().Be(("Pass", 1, "champion"));

        var second = (await sample.RunAsync()).ShouldExitWith(0).Result;

        second.Should().BeEquivalentTo(first with { StepsExecuted = 0, StepsCached = 14 });

        var third = (await sample.RunAsync("--seed", "2")).ShouldExitWith(0);

        third.Result.DatasetDigest.Should().Be(first.DatasetDigest);
        third.Result.ModelDigest.Should().NotBe(first.ModelDigest);
        (third.Result.Verdict, third.Result.Version, third.Result.Alias).Should().Be(("Pass", 2, "champion"));
        var verdict = ChampionCheck().Match(third.Error);
        verdict.Success.Should().BeTrue(third.Error);
        Number(verdict, "low").Should().BeLessThan(Number(verdict, "estimate")).And.BeGreaterThan(-0.005);
        Number(verdict, "high").Should().BeGreaterThan(Number(verdict, "estimate"));

        var fourth = (await sample.RunAsync("--seed", "2")).ShouldExitWith(0).Result;

        fourth.Should().BeEquivalentTo(third.Result with { StepsExecuted = 0, StepsCached = 14 }, "a champion does not meet itself");
        (await sample.VersionsAsync()).Should().Equal(2, 1);
    }

    [Fact]
    public async Task Every_planted_fault_is_quarantined_for_the_expected_reason()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(AppContext.BaseDirectory, "data");
        var expected = File.ReadLines(Path.Combine(data, "bad-arrivals.expected.csv")).Skip(1).Select(line => line.Split(',')).ToDictionary(v => v[0], v => v[2]);

        var run = (await new Sample(folder["home"]).RunAsync("--data", Path.Combine(data, "bad-arrivals.csv"))).ShouldExitWith(3);

        expected.Should().HaveCount(40);
        (run.Result.Rows, run.Result.Valid, run.Result.Quarantined).Should().Be((200, 160, 40));
        run.Result.Reasons.Should().BeEquivalentTo(expected.Values.CountBy(reason => reason).ToDictionary(r => r.Key, r => (long)r.Value)).And.HaveCount(8);
        (run.Result.Verdict, run.Result.ModelDigest, run.Result.Version, run.Result.Alias).Should().Be(("Inconclusive", null, null, null));
        run.Error.Should().Contain("training and hold-out need 1,000 valid flights each");
        run.Error.Should().ContainAll(expected.Values.Distinct().Select(reason => $"5 × {reason}")).And.Contain(folder["home/quarantine.csv"]);
        Quarantine(folder["home/quarantine.csv"]).Should().BeEquivalentTo(expected);
    }

    [Fact]
    public async Task A_model_that_is_not_good_enough_is_registered_but_gets_no_alias()
    {
        using var folder = new TemporaryFolder();
        var sample = new Sample(folder["home"]);
        var noise = SmallData.Write(folder["noise.parquet"], """
            SELECT date, (hash(date, origin, destination, delay) % 75)::BIGINT - 35 AS delay, distance, origin, destination FROM flights WHERE origin = 'PHX' AND destination = 'LAX'
            """);

        var run = (await sample.RunAsync("--data", noise)).ShouldExitWith(2);

        (run.Result.Verdict, run.Result.Version, run.Result.Alias).Should().Be(("Fail", 1, null));
        run.Error.Should().Contain("floor: Fail").And.Contain("nothing has passed the gate yet");
        (await sample.VersionsAsync()).Should().Equal(1);
    }

    [Fact]
    public async Task The_leak_is_compared_and_registers_nothing()
    {
        using var folder = new TemporaryFolder();
        var sample = new Sample(folder["home"]);

        var run = (await sample.RunAsync("--leak", "--data", SmallData.Write(folder["small.parquet"]))).ShouldExitWith(0);

        var shown = LeakTable().Match(run.Error);
        shown.Success.Should().BeTrue(run.Error);
        Number(shown, "better").Should().BeApproximately(Number(shown, "leak") - Number(shown, "honest"), 1e-9, "it is the difference of what is shown");
        (run.Result.StepsExecuted, run.Result.ModelDigest, run.Result.Version).Should().Be((9, null, null));
        (await sample.VersionsAsync()).Should().BeEmpty();
    }

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Quarantine(string path)
    {
        // The two columns of the quarantine are the last of each line, and no damaged value ends in what they hold.
        File.ReadLines(path).First().Should().EndWith("_row,_reasons");
        return File.ReadLines(path).Skip(1).Select(line => line.Split(',')).ToDictionary(v => v[^2], v => v[^1]);
    }

    [GeneratedRegex(@"when the flight leaves │ +(?<honest>0\.\d{4}).*departures +│ +(?<leak>0\.\d{4}).*the leak looks (?<better>[+-]0\.\d{4}) ROC AUC better", RegexOptions.Singleline)]
    private static partial Regex LeakTable();

    [GeneratedRegex(@"not worse than champion: Pass, (?<estimate>\S+) \((?<low>\S+) to (?<high>\S+)\), needs -0\.005")]
    private static partial Regex ChampionCheck();
}
