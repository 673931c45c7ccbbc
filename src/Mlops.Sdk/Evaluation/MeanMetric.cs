using System.Globalization;

namespace Mlops.Sdk.Evaluation;

/// <summary>A metric that is the mean of one value a row, or the root of it.</summary>
internal sealed class MeanMetric(string name, MetricGoal goal, Func<double, double, double> row) : IMetric
{
    public string Name { get; } = name;

    public MetricGoal Goal { get; } = goal;

    public LabelKind Labels { get; init; }

    public bool Probabilities { get; init; }

    public bool Root { get; init; }

    public IPreparedMetric Prepare(ReadOnlyMemory<double> labels, ReadOnlyMemory<double> scores)
    {
        string? degenerate = null;
        if (Labels == LabelKind.Binary)
        {
            degenerate = BinaryLabels.Degenerate(BinaryLabels.CountPositives(labels.Span, Name), labels.Length);
        }

        var values = new double[labels.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var score = scores.Span[i];
            if (Probabilities && score is < 0 or > 1)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Score {i} is {score}; {Name} takes probabilities from 0 to 1: pass the calibrated probability instead of the raw score."));
            }

            values[i] = row(labels.Span[i], score);
        }

        return new Prepared(values, Root, degenerate);
    }

    private sealed class Prepared(double[] values, bool root, string? degenerate) : IPreparedMetric
    {
        public string? Degenerate { get; } = degenerate;

        public double Compute(ReadOnlySpan<int> counts)
        {
            var sum = WeightedSum.Of(values, counts, out var total);
            var mean = total == 0 ? double.NaN : sum / total;
            return root ? Math.Sqrt(mean) : mean;
        }
    }
}
