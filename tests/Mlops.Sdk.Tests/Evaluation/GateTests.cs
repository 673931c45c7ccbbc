using Mlops.Sdk.Evaluation;

namespace Mlops.Sdk.Tests.Evaluation;

public sealed class GateTests
{
    // The mean of the scores: a list of equal scores has an interval without width, so every rule can be hit on its edge.
    private static readonly IMetric High = Metrics.Mean("mean", MetricGoal.Maximize, (_, score) => score);
    private static readonly IMetric Low = Metrics.Mean("mean", MetricGoal.Minimize, (_, score) => score);
    private readonly GateBench bench = new();

    [Theory]
    [InlineData(MetricGoal.Maximize, 0.5, 0.5, Verdict.Pass)]
    [InlineData(MetricGoal.Maximize, 0.5, 0.5000001, Verdict.Fail)]
    [InlineData(MetricGoal.Maximize, 0.5, 0.4, Verdict.Pass)]
    [InlineData(MetricGoal.Minimize, 0.5, 0.5, Verdict.Pass)]
    [InlineData(MetricGoal.Minimize, 0.5, 0.4999999, Verdict.Fail)]
    [InlineData(MetricGoal.Minimize, 0.5, 0.6, Verdict.Pass)]
    public async Task The_floor_is_reached_at_the_bound_and_is_a_ceiling_where_smaller_is_better(MetricGoal goal, double value, double floor, Verdict expected)
    {
        var report = await bench.EvaluateAsync(new("g") { Metric = goal == MetricGoal.Maximize ? High : Low, Floor = floor }, Constant(value));

        report.Verdict.Should().Be(expected);
        report.Checks.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = GateCheck.Floor, Estimate = value, Low = value, High = value, Threshold = floor, Rows = 1000 });
    }

    [Theory]
    [InlineData(0.75, 0.5, Verdict.Pass)]
    [InlineData(0.74, 0.5, Verdict.Fail)]
    public async Task The_baseline_is_beaten_when_the_bound_reaches_the_margin(double candidate, double baseline, Verdict expected)
    {
        (await bench.EvaluateAsync(new("g") { Metric = High, BaselineMargin = 0.25 }, Constant(candidate, baseline))).Verdict.Should().Be(expected);
        (await bench.EvaluateAsync(new("g") { Metric = Low, BaselineMargin = 0.25 }, Constant(-candidate, -baseline))).Verdict.Should().Be(expected, "the direction is data");
    }

    [Fact]
    public async Task As_good_as_the_baseline_is_not_better()
    {
        (await bench.EvaluateAsync(new("g") { Metric = High, BaselineMargin = 0 }, Constant(0.5, 0.5))).Verdict.Should().Be(Verdict.Inconclusive);
        (await bench.EvaluateAsync(new("g") { Metric = High, BaselineMargin = 0 }, Constant(0.5000001, 0.5))).Verdict.Should().Be(Verdict.Pass);
    }

    [Theory]
    [InlineData(0.5, Verdict.Pass)]
    [InlineData(0.25, Verdict.Inconclusive)]
    [InlineData(0.125, Verdict.Fail)]
    public async Task A_challenger_may_be_worse_by_less_than_the_margin(double candidate, Verdict expected)
    {
        var input = Constant(candidate, champion: 0.5);

        var report = await bench.EvaluateAsync(new("g") { Metric = High, NonInferiorityMargin = 0.25 }, input);

        report.Verdict.Should().Be(expected);
        report.Checks[0].Should().BeEquivalentTo(new { Name = GateCheck.NotWorseThanChampion, Estimate = candidate - 0.5, Threshold = -0.25 });
    }

    [Fact]
    public async Task An_interval_around_the_floor_is_inconclusive_although_the_estimate_is_above()
    {
        var input = new Binormal(1).Draw(1000, candidateAuc: 0.7);
        var estimate = Metrics.RocAuc.Evaluate(input.Labels, input.Candidate);

        var report = await bench.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = estimate - 0.005 }, input);

        report.Verdict.Should().Be(Verdict.Inconclusive);
        report.Checks[0].Reason.Should().Contain("more rows would decide");
    }

    [Fact]
    public async Task Without_a_champion_the_check_does_not_apply_and_says_so()
    {
        var report = await bench.EvaluateAsync(new("g") { Metric = High, Floor = 0, NonInferiorityMargin = 0.1 }, Constant(0.5));

        report.Verdict.Should().Be(Verdict.Pass);
        report.Checks[1].Should().BeEquivalentTo(new { Verdict = (Verdict?)null, Low = (double?)null });
        report.Checks[1].Reason.Should().StartWith("There is no champion yet");
    }

    [Fact]
    public async Task A_gate_of_which_nothing_applied_is_not_passed() =>
        (await bench.EvaluateAsync(new("g") { Metric = High, NonInferiorityMargin = 0.1 }, Constant(0.5))).Verdict.Should().Be(Verdict.Inconclusive);

    [Fact]
    public async Task A_baseline_that_the_policy_asks_for_and_nobody_gave_is_inconclusive() =>
        (await bench.EvaluateAsync(new("g") { Metric = High, Floor = 0, BaselineMargin = 0.1 }, Constant(0.5))).Verdict.Should().Be(Verdict.Inconclusive);

    [Fact]
    public async Task One_failed_check_fails_the_gate_whatever_the_others_say()
    {
        var report = await bench.EvaluateAsync(new("g") { Metric = High, Floor = 0.1, BaselineMargin = 0.3, NonInferiorityMargin = 0.25 }, Constant(0.5, 0.4, 0.75));

        report.Checks.Select(check => check.Verdict).Should().Equal(Verdict.Pass, Verdict.Fail, Verdict.Inconclusive);
        report.Verdict.Should().Be(Verdict.Fail);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task A_score_that_is_not_a_number_fails_even_with_too_few_rows(double bad)
    {
        var report = await bench.EvaluateAsync(
            new("g") { Metric = High, Floor = 0, NonInferiorityMargin = 1 },
            new() { Rows = GateBench.Rows, Labels = [1, 0, 1], Candidate = [0.1, bad, 0.3], Champion = [0.1, 0.2, 0.3] });

        report.Verdict.Should().Be(Verdict.Fail);
        report.Checks.Should().AllSatisfy(check => check.Reason.Should().Contain("candidate").And.Contain("row 1 is").And.Contain("1 of 3"));
    }

    [Fact]
    public async Task A_broken_champion_fails_its_own_check_only()
    {
        var report = await bench.EvaluateAsync(new("g") { Metric = High, Floor = 0, NonInferiorityMargin = 1 }, Constant(0.5, champion: double.NaN));

        report.Checks.Select(check => check.Verdict).Should().Equal(Verdict.Pass, Verdict.Fail);
    }

    [Fact]
    public async Task A_metric_that_is_not_a_number_fails()
    {
        var report = await bench.EvaluateAsync(new("g") { Metric = Metrics.Mean("broken", MetricGoal.Maximize, (_, _) => double.NaN), Floor = 0 }, Constant(0.5));

        report.Verdict.Should().Be(Verdict.Fail);
        report.Checks[0].Reason.Should().Be("broken of the candidate is NaN.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task One_class_only_is_inconclusive(double label)
    {
        var input = new GateInput { Rows = GateBench.Rows, Labels = Enumerable.Repeat(label, 1000).ToArray(), Candidate = new double[1000] };
        foreach (var metric in new[] { Metrics.RocAuc, Metrics.LogLoss, Metrics.Brier, Metrics.Accuracy(), Metrics.RSquared })
        {
            var report = await bench.EvaluateAsync(new("g") { Metric = metric, Floor = metric.Goal == MetricGoal.Maximize ? -100 : 100 }, input);

            report.Verdict.Should().Be(Verdict.Inconclusive, metric.Name);
            report.Checks[0].Reason.Should().StartWith("All labels are");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    public async Task Too_few_rows_are_inconclusive_however_good_they_look(int rows)
    {
        var report = await bench.EvaluateAsync(new("g") { Metric = High, Floor = 0 }, Constant(0.5, rows: rows));

        report.Verdict.Should().Be(Verdict.Inconclusive);
        report.Checks[0].Reason.Should().Contain("fewer than the 1,000");
    }

    [Fact]
    public async Task Too_few_clusters_are_inconclusive_however_many_rows_they_hold()
    {
        var input = Constant(0.5);
        input = new() { Rows = input.Rows, Labels = input.Labels, Candidate = input.Candidate, Clusters = GateInput.ClustersOf(Enumerable.Range(0, 1000).Select(i => $"day {i % 19}")) };

        var report = await bench.EvaluateAsync(new("g") { Metric = High, Floor = 0 }, input);

        report.Should().BeEquivalentTo(new { Verdict = Verdict.Inconclusive, Clusters = 19 });
        report.Checks[0].Reason.Should().Contain("19 clusters are fewer than the 20");
    }

    [Fact]
    public async Task A_class_so_rare_that_resamples_lose_it_is_inconclusive()
    {
        // With 2 positives a resample misses both with probability (1 - 2/1000)^1000 ≈ 0.135.
        var labels = new double[1000];
        labels[0] = labels[1] = 1;

        var report = await bench.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0.5 }, new() { Rows = GateBench.Rows, Labels = labels, Candidate = labels });

        report.Verdict.Should().Be(Verdict.Inconclusive);
        report.Checks[0].Should().BeEquivalentTo(new { Estimate = 1.0, Low = (double?)null, High = (double?)null });
        report.Checks[0].Reason.Should().Contain("not defined on");
    }

    [Fact]
    public async Task Labels_that_are_not_numbers_are_refused()
    {
        var evaluate = () => bench.EvaluateAsync(new("g") { Metric = High, Floor = 0 }, new() { Rows = GateBench.Rows, Labels = [1, double.NaN], Candidate = [1, 2] });

        (await evaluate.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().Contain("Labels: row 1 is NaN");
    }

    [Fact]
    public async Task Scores_of_other_rows_are_refused()
    {
        var evaluate = () => bench.EvaluateAsync(new("g") { Metric = High, Floor = 0 }, new() { Rows = GateBench.Rows, Labels = [1, 0], Candidate = [1, 2], Champion = [1] });

        (await evaluate.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().Contain("Champion has 1 rows but there are 2 labels");
    }

    private static GateInput Constant(double candidate, double? baseline = null, double? champion = null, int rows = 1000) => new()
    {
        Rows = GateBench.Rows,
        Labels = new double[rows],
        Candidate = Enumerable.Repeat(candidate, rows).ToArray(),
        Baseline = baseline is { } b ? Enumerable.Repeat(b, rows).ToArray() : null,
        Champion = champion is { } c ? Enumerable.Repeat(c, rows).ToArray() : null,
    };
}
