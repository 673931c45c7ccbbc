namespace Mlops.Sdk.Evaluation;

/// <summary>ROC AUC as the Mann–Whitney statistic, in exact integers over scores that are sorted once.</summary>
internal sealed class RocAucMetric : IMetric
{
    public string Name => "roc_auc";

    public MetricGoal Goal => MetricGoal.Maximize;

    public IPreparedMetric Prepare(ReadOnlyMemory<double> labels, ReadOnlyMemory<double> scores) => new Prepared(labels.Span, scores.Span, Name);

    private sealed class Prepared : IPreparedMetric
    {
        private const int LastOfTie = 1;
        private const int LabelShift = 1;
        private const int RowShift = 2;

        // One number for each row in the order of its score: row, label, and whether the next row has another score.
        private readonly int[] order;

        public Prepared(ReadOnlySpan<double> labels, ReadOnlySpan<double> scores, string metric)
        {
            if (labels.Length > 1 << 29)
            {
                throw new ArgumentException("ROC AUC takes at most 536,870,912 rows.");
            }

            Degenerate = BinaryLabels.Degenerate(BinaryLabels.CountPositives(labels, metric), labels.Length);
            var sorted = scores.ToArray();
            order = new int[sorted.Length];
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            Array.Sort(sorted, order);
            for (var i = 0; i < order.Length; i++)
            {
                var last = i + 1 == order.Length || sorted[i] != sorted[i + 1];
                order[i] = order[i] << RowShift | (int)labels[order[i]] << LabelShift | (last ? LastOfTie : 0);
            }
        }

        public string? Degenerate { get; }

        public double Compute(ReadOnlySpan<int> counts)
        {
            // Twice the number of (positive, negative) pairs in the right order, a tie counting one.
            long twice = 0, below = 0, positives = 0, tiedPositives = 0, tiedNegatives = 0;
            foreach (var entry in order)
            {
                var count = counts[entry >> RowShift];
                var positive = count & -(entry >> LabelShift & 1);
                tiedPositives += positive;
                tiedNegatives += count - positive;
                if ((entry & LastOfTie) != 0)
                {
                    twice += tiedPositives * ((2 * below) + tiedNegatives);
                    below += tiedNegatives;
                    positives += tiedPositives;
                    tiedPositives = tiedNegatives = 0;
                }
            }

            return positives == 0 || below == 0 ? double.NaN : twice / (2.0 * positives * below);
        }
    }
}
