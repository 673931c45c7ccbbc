namespace Mlops.Sdk.Evaluation;

/// <summary>The metrics that come with the SDK. Binary metrics take labels 0 and 1; formulas are those of scikit-learn.</summary>
public static class Metrics
{
    /// <summary>The lowest and highest probability that <see cref="LogLoss"/> takes as it is; beyond, it takes this one instead of infinity.</summary>
    public const double LogLossClip = 1e-15;

    /// <summary>The probability that a random positive scores above a random negative, ties counting half (Mann–Whitney). Scores are any finite numbers.</summary>
    public static IMetric RocAuc { get; } = new RocAucMetric();

    /// <summary>The mean of −ln(probability given to the true class), in nats. Scores are probabilities; clipped by <see cref="LogLossClip"/>.</summary>
    public static IMetric LogLoss { get; } = new MeanMetric(
        "log_loss",
        MetricGoal.Minimize,
        static (label, score) =>
        {
            var probability = Math.Clamp(score, LogLossClip, 1 - LogLossClip);
            return -Math.Log(label == 1 ? probability : 1 - probability);
        }) { Labels = LabelKind.Binary, Probabilities = true };

    /// <summary>The mean squared distance between probability and label (Brier 1950). Scores are probabilities.</summary>
    public static IMetric Brier { get; } = new MeanMetric("brier", MetricGoal.Minimize, Squared) { Labels = LabelKind.Binary, Probabilities = true };

    /// <summary>The mean absolute error of a regression.</summary>
    public static IMetric MeanAbsoluteError { get; } = new MeanMetric("mae", MetricGoal.Minimize, static (label, score) => Math.Abs(label - score));

    /// <summary>The root of the mean squared error of a regression.</summary>
    public static IMetric RootMeanSquaredError { get; } = new MeanMetric("rmse", MetricGoal.Minimize, Squared) { Root = true };

    /// <summary>1 − residual sum of squares ÷ total sum of squares (coefficient of determination).</summary>
    public static IMetric RSquared { get; } = new RSquaredMetric();

    /// <summary>The share of rows on the right side of a threshold: a score of at least <paramref name="threshold"/> means label 1.</summary>
    public static IMetric Accuracy(double threshold = 0.5)
    {
        if (!double.IsFinite(threshold))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold is a finite number.");
        }

        return new MeanMetric(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"accuracy@{threshold}"),
            MetricGoal.Maximize,
            (label, score) => (score >= threshold) == (label == 1) ? 1 : 0) { Labels = LabelKind.Binary };
    }

    /// <summary>Your own metric that is a mean over rows, for example money per prediction.</summary>
    /// <param name="name">The name, with every parameter that changes the value.</param>
    /// <param name="goal">Which direction is better.</param>
    /// <param name="row">The value of one row from its label and score. Called once for each row.</param>
    public static IMetric Mean(string name, MetricGoal goal, Func<double, double, double> row)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(row);
        return new MeanMetric(name, goal, row);
    }

    /// <summary>The value of a metric on rows, without a gate; NaN when it is not defined there.</summary>
    /// <exception cref="ArgumentException">The lists differ in length, a number is not finite, or the metric is not defined for it.</exception>
    public static double Evaluate(this IMetric metric, IReadOnlyList<double> labels, IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var labelArray = Numbers.Copy(labels, nameof(labels));
        var scoreArray = Numbers.Copy(scores, nameof(scores));
        Numbers.RequireLength(scoreArray.Length, labelArray.Length, nameof(scores));
        Numbers.RequireFinite(labelArray, nameof(labels));
        Numbers.RequireFinite(scoreArray, nameof(scores));
        var ones = new int[labelArray.Length];
        Array.Fill(ones, 1);
        return ones.Length == 0 ? double.NaN : metric.Prepare(labelArray, scoreArray).Compute(ones);
    }

    private static double Squared(double label, double score) => (label - score) * (label - score);
}
