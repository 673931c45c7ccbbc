using System.Text.Json;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;

namespace Mlops.Sdk.Tests.Evaluation;

public sealed class BootstrapTests
{
    private readonly GateBench bench = new();

    [Fact]
    public async Task Resamples_are_those_of_the_published_generators()
    {
        using var golden = JsonDocument.Parse(await File.ReadAllTextAsync(GateBench.Golden("evaluation-metrics.json"), TestContext.Current.CancellationToken));
        var expected = golden.RootElement.GetProperty("resampler");
        var metric = new CountsMetric();

        var report = await new GateBench(threads: 1).EvaluateAsync(
            new("golden") { Metric = metric, Floor = 0.5, NonInferiorityMargin = 0.25, MinRows = 5 },
            new() { Rows = Digest.Parse("sha256:" + string.Concat(Enumerable.Repeat("ab", 32))), Labels = new double[10], Candidate = new double[10] });

        report.Seed.Should().Be(expected.GetProperty("seed").GetString());
        int[][] counts = [metric.Seen[1], metric.Seen[2], metric.Seen[2000]]; // the first call is the one on all rows
        counts.Should().BeEquivalentTo(expected.GetProperty("counts").Deserialize<int[][]>(), options => options.WithStrictOrdering());
    }

    [Fact]
    public async Task Intervals_agree_with_scipy()
    {
        using var golden = JsonDocument.Parse(await File.ReadAllTextAsync(GateBench.Golden("evaluation-metrics.json"), TestContext.Current.CancellationToken));
        var data = golden.RootElement.GetProperty("bootstrap");
        double[] Column(string name) => data.GetProperty(name).Deserialize<double[]>()!;
        var input = new GateInput { Rows = GateBench.Rows, Labels = Column("labels"), Candidate = Column("candidate"), Champion = Column("champion") };

        var auc = await bench.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0, NonInferiorityMargin = 0, MinRows = 400, Resamples = 10_000 }, input);
        var brier = await bench.EvaluateAsync(new("g") { Metric = Metrics.Brier, NonInferiorityMargin = 0, MinRows = 400, Resamples = 10_000 }, input);

        // Other random numbers: an end of a 95 % interval of 10,000 resamples has a standard error of about 0.7 % of its width (√(0.025 · 0.975 / 10,000) ÷ density), twice over.
        Same(auc.Checks[0], Column("roc_auc"));
        Same(auc.Checks[1], Column("roc_auc_difference"));
        Same(brier.Checks[0], Column("brier_difference"));

        static void Same(GateCheck check, double[] expected)
        {
            check.Low.Should().BeApproximately(expected[0], 0.04 * (expected[1] - expected[0]));
            check.High.Should().BeApproximately(expected[1], 0.04 * (expected[1] - expected[0]));
        }
    }

    [Fact]
    public async Task Equal_inputs_give_equal_bytes_on_any_number_of_threads()
    {
        var policy = new GatePolicy("g") { Metric = Metrics.Brier, Floor = 0.3, BaselineMargin = 0.01, NonInferiorityMargin = 0.01 };
        var input = Probabilities(new Binormal(3).Draw(1000, 0.75, 0.76));
        var reports = new List<string>();
        foreach (var threads in new[] { 1, 2, 8 })
        {
            var other = new GateBench(threads);
            reports.Add(other.Stored(await other.EvaluateAsync(policy, input)));
        }

        reports.Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task Another_gate_other_rows_or_another_policy_draw_other_resamples()
    {
        var input = new Binormal(4).Draw(1000, 0.75);
        var otherRows = new GateInput { Rows = GateBench.Rows, Labels = input.Labels, Candidate = input.Candidate };

        var reports = new[]
        {
            await bench.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0.6 }, input),
            await bench.EvaluateAsync(new("h") { Metric = Metrics.RocAuc, Floor = 0.6 }, input),
            await bench.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0.61 }, input),
            await bench.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0.6 }, otherRows),
        };

        reports.Select(report => report.Seed).Should().OnlyHaveUniqueItems();
        reports.Select(report => report.Checks[0].Low).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task The_same_model_twice_differs_by_nothing_because_both_see_the_same_resample()
    {
        var input = new Binormal(5).Draw(1000, 0.75);
        input = new() { Rows = input.Rows, Labels = input.Labels, Candidate = input.Candidate, Champion = input.Candidate };

        var report = await bench.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, NonInferiorityMargin = 0.000001 }, input);

        report.Checks[0].Should().BeEquivalentTo(new { Verdict = Verdict.Pass, Estimate = 0.0, Low = 0.0, High = 0.0 });
    }

    [Fact]
    public async Task Rows_that_come_in_clusters_count_as_clusters()
    {
        // Fifty rows, each twenty times: twenty times as many rows know nothing more.
        var few = new Binormal(6).Draw(50, 0.75);
        var many = new GateInput { Rows = few.Rows, Labels = Repeat(few.Labels), Candidate = Repeat(few.Candidate), Clusters = GateInput.ClustersOf(Repeat(Enumerable.Range(0, 50).ToArray())) };
        var policy = new GatePolicy("g") { Metric = Metrics.RocAuc, Floor = 0.5, MinRows = 50 };

        var (single, clustered) = (await bench.EvaluateAsync(policy, few), await bench.EvaluateAsync(policy, many));

        clustered.Checks[0].Low.Should().Be(single.Checks[0].Low);
        clustered.Checks[0].High.Should().Be(single.Checks[0].High);

        static T[] Repeat<T>(IReadOnlyList<T> values) => [.. Enumerable.Range(0, 20).SelectMany(_ => values)];
    }

    [Fact]
    public async Task A_cancelled_evaluation_stops_and_stores_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var furthest = 0.0;
        var input = new Binormal(7).Draw(100, 0.75);
        input = new() { Rows = input.Rows, Labels = input.Labels, Candidate = input.Candidate, Progress = new Reports(Cancel) };

        var evaluate = () => bench.Evaluator.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0.5, Resamples = 1_000_000 }, input, cancel.Token);

        await evaluate.Should().ThrowAsync<OperationCanceledException>();
        bench.Artifacts.Objects.Should().BeEmpty();
        furthest.Should().BeLessThan(0.5);

        void Cancel(double fraction)
        {
            furthest = Math.Max(furthest, fraction);
            cancel.Cancel();
        }
    }

    [Fact]
    public async Task Progress_is_told_up_to_the_end()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<double>();
        var input = new Binormal(8).Draw(1000, 0.75);
        input = new() { Rows = input.Rows, Labels = input.Labels, Candidate = input.Candidate, Progress = new Reports(seen.Enqueue) };

        await bench.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0.5 }, input);

        seen.Should().HaveCount(100).And.OnlyContain(fraction => fraction > 0 && fraction <= 1).And.Contain(1);
    }

    [Fact]
    public async Task What_a_metric_throws_reaches_the_caller()
    {
        var input = new Binormal(9).Draw(1000, 0.75);
        input = new() { Rows = input.Rows, Labels = input.Labels, Candidate = input.Candidate, Progress = new Reports(_ => throw new TimeoutException("mine")) };

        var evaluate = () => bench.EvaluateAsync(new("g") { Metric = Metrics.RocAuc, Floor = 0.5 }, input);

        await evaluate.Should().ThrowAsync<TimeoutException>();
    }

    private static GateInput Probabilities(GateInput input) => new()
    {
        Rows = input.Rows,
        Labels = input.Labels,
        Candidate = [.. input.Candidate.Select(score => 1 / (1 + Math.Exp(-score)))],
        Baseline = [.. input.Candidate.Select(_ => 0.4)],
        Champion = [.. input.Champion!.Select(score => 1 / (1 + Math.Exp(-score)))],
    };

    private sealed class Reports(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }

    /// <summary>Remembers the resamples that it was asked for.</summary>
    private sealed class CountsMetric : IMetric, IPreparedMetric
    {
        public List<int[]> Seen { get; } = [];

        public string Name => "counts";

        public MetricGoal Goal => MetricGoal.Maximize;

        public string? Degenerate => null;

        public IPreparedMetric Prepare(ReadOnlyMemory<double> labels, ReadOnlyMemory<double> scores) => this;

        public double Compute(ReadOnlySpan<int> counts)
        {
            Seen.Add(counts.ToArray());
            return 1;
        }
    }
}
