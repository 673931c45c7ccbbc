using System.Text.Json;
using CsCheck;
using Mlops.Sdk.Evaluation;

namespace Mlops.Sdk.Tests.Evaluation;

public sealed class MetricTests
{
    private static readonly IReadOnlyDictionary<string, IMetric> All = new[]
    {
        Metrics.RocAuc, Metrics.LogLoss, Metrics.Brier, Metrics.Accuracy(), Metrics.MeanAbsoluteError, Metrics.RootMeanSquaredError, Metrics.RSquared,
    }.ToDictionary(metric => metric.Name);

    [Fact]
    public void Every_metric_equals_scikit_learn()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GateBench.Golden("evaluation-metrics.json")));
        var seen = new HashSet<string>();
        foreach (var test in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            var labels = test.GetProperty("labels").Deserialize<double[]>()!;
            var scores = test.GetProperty("scores").Deserialize<double[]>()!;
            foreach (var expected in test.GetProperty("expected").EnumerateObject())
            {
                seen.Add(expected.Name);
                All[expected.Name].Evaluate(labels, scores).Should().BeApproximately(expected.Value.GetDouble(), 1e-10, $"{expected.Name} of {test.GetProperty("name").GetString()}");
            }
        }

        seen.Should().BeEquivalentTo(All.Keys);
    }

    [Fact]
    public void The_area_under_the_curve_is_the_share_of_ordered_pairs_with_ties_as_half() =>
        Gen.Select(Gen.Int[0, 1], Gen.Int[-5, 5]).Array[2, 60].Sample(rows =>
        {
            var labels = Array.ConvertAll(rows, row => (double)row.Item1);
            var scores = Array.ConvertAll(rows, row => row.Item2 / 5.0);

            var actual = Metrics.RocAuc.Evaluate(labels, scores);

            var expected = PairwiseAuc(labels, scores);
            return double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) < 1e-12;
        });

    [Theory]
    [InlineData("roc_auc")]
    [InlineData("log_loss")]
    [InlineData("brier")]
    [InlineData("accuracy@0.5")]
    [InlineData("mae")]
    [InlineData("rmse")]
    [InlineData("r2")]
    public void Counting_a_row_n_times_equals_having_it_n_times(string name) =>
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 8], Gen.Int[0, 4]).Array[1, 40].Sample(rows =>
        {
            var labels = Array.ConvertAll(rows, row => (double)row.Item1);
            var scores = Array.ConvertAll(rows, row => row.Item2 / 8.0);
            var repeated = rows.SelectMany(row => Enumerable.Repeat(row, row.Item3)).ToArray();

            var counted = All[name].Prepare(labels, scores).Compute(Array.ConvertAll(rows, row => row.Item3));

            var expected = All[name].Evaluate(Array.ConvertAll(repeated, row => (double)row.Item1), Array.ConvertAll(repeated, row => row.Item2 / 8.0));
            return double.IsNaN(expected) ? double.IsNaN(counted) : Math.Abs(expected - counted) < 1e-9;
        });

    [Fact]
    public void Minus_zero_and_zero_tie() => Metrics.RocAuc.Evaluate([0, 1], [0.0, -0.0]).Should().Be(0.5);

    [Fact]
    public void A_threshold_belongs_to_the_name_of_accuracy() => Metrics.Accuracy(0.25).Name.Should().Be("accuracy@0.25");

    [Fact]
    public void A_score_at_the_threshold_means_label_1() => Metrics.Accuracy(0.25).Evaluate([1], [0.25]).Should().Be(1);

    [Fact]
    public void A_metric_of_your_own_is_one_line() =>
        Metrics.Mean("cost", MetricGoal.Minimize, (label, score) => label == 1 && score < 0.5 ? 100 : score >= 0.5 ? 5 : 0).Evaluate([1, 1, 0, 0], [0.1, 0.9, 0.9, 0.1]).Should().Be(27.5);

    [Theory]
    [InlineData("roc_auc")]
    [InlineData("log_loss")]
    [InlineData("brier")]
    [InlineData("accuracy@0.5")]
    public void A_label_that_is_no_class_is_refused_with_its_row(string name) =>
        FluentActions.Invoking(() => All[name].Evaluate([0, 1, 2], [0.1, 0.2, 0.3])).Should().Throw<ArgumentException>().WithMessage($"Label 2 is 2; {name} takes 0 and 1.*");

    [Theory]
    [InlineData("log_loss")]
    [InlineData("brier")]
    public void A_raw_score_is_refused_where_a_probability_is_needed(string name) =>
        FluentActions.Invoking(() => All[name].Evaluate([0, 1], [0.1, 1.5])).Should().Throw<ArgumentException>().WithMessage("Score 1 is 1.5*calibrated probability*");

    [Fact]
    public void Lists_of_different_length_are_refused() =>
        FluentActions.Invoking(() => Metrics.RocAuc.Evaluate([0, 1], [0.1])).Should().Throw<ArgumentException>().WithMessage("scores has 1 rows but there are 2 labels*");

    private static double PairwiseAuc(double[] labels, double[] scores)
    {
        double wins = 0, pairs = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            for (var j = 0; j < labels.Length; j++)
            {
                if (labels[i] == 1 && labels[j] == 0)
                {
                    pairs++;
                    wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        return wins / pairs;
    }
}
