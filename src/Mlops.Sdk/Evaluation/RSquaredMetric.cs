namespace Mlops.Sdk.Evaluation;

/// <summary>The coefficient of determination.</summary>
internal sealed class RSquaredMetric : IMetric
{
    public string Name => "r2";

    public MetricGoal Goal => MetricGoal.Maximize;

    public IPreparedMetric Prepare(ReadOnlyMemory<double> labels, ReadOnlyMemory<double> scores) => new Prepared(labels.Span, scores.Span);

    private sealed class Prepared : IPreparedMetric
    {
        // What rounding leaves of the variation of equal labels, relative to their squares.
        private const double Rounding = 1e-12;
        private readonly double[] centred;
        private readonly double[] centredSquares;
        private readonly double[] residualSquares;

        public Prepared(ReadOnlySpan<double> labels, ReadOnlySpan<double> scores)
        {
            var ones = new int[labels.Length];
            Array.Fill(ones, 1);

            // Labels are centred once, so that the variance of a resample does not lose its digits to a large mean.
            var mean = WeightedSum.Of(labels, ones, out var rows) / Math.Max(rows, 1);
            centred = new double[labels.Length];
            centredSquares = new double[labels.Length];
            residualSquares = new double[labels.Length];
            for (var i = 0; i < labels.Length; i++)
            {
                centred[i] = labels[i] - mean;
                centredSquares[i] = centred[i] * centred[i];
                residualSquares[i] = (labels[i] - scores[i]) * (labels[i] - scores[i]);
            }

            Degenerate = labels.Length > 0 && labels.ContainsAnyExcept(labels[0]) ? null : "All labels are equal: there is no variance to explain";
        }

        public string? Degenerate { get; }

        public double Compute(ReadOnlySpan<int> counts)
        {
            var sum = WeightedSum.Of(centred, counts, out var total);
            var squares = WeightedSum.Of(centredSquares, counts, out _);
            var variation = squares - (sum * sum / Math.Max(total, 1));
            return variation > Rounding * squares ? 1 - (WeightedSum.Of(residualSquares, counts, out _) / variation) : double.NaN;
        }
    }
}
