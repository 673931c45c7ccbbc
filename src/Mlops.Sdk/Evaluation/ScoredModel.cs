namespace Mlops.Sdk.Evaluation;

/// <summary>One model's scores on the held-out rows, and what the bootstrap said about them.</summary>
internal sealed class ScoredModel
{
    public ScoredModel(string name, double[] labels, double[] scores, IMetric metric, int[] ones)
    {
        (Name, Scores) = (name, scores);
        if (Numbers.NotFinite(scores) is { } where)
        {
            Broken = $"The scores of the {name} are not numbers: {where}.";
            return;
        }

        Metric = metric.Prepare(labels, scores);
        Degenerate = Metric.Degenerate;
        if (ones.Length == 0)
        {
            return;
        }

        var estimate = Metric.Compute(ones);
        if (double.IsFinite(estimate))
        {
            Estimate = estimate;
        }
        else if (Degenerate is null)
        {
            Broken = $"{metric.Name} of the {name} is {estimate.ToString(System.Globalization.CultureInfo.InvariantCulture)}.";
        }
    }

    public string Name { get; }

    public double[] Scores { get; }

    public IPreparedMetric? Metric { get; }

    /// <summary>The value on all rows, or null when it is not defined.</summary>
    public double? Estimate { get; }

    /// <summary>Why the model cannot be judged but by failing, or null.</summary>
    public string? Broken { get; }

    /// <summary>Why its scores show nothing, or null.</summary>
    public string? Degenerate { get; }

    /// <summary>The value on each resample, or null when there are none.</summary>
    public double[]? Resamples { get; set; }

    public GateEstimate Describe(double confidence)
    {
        var interval = Resamples is null ? default : Interval.OfResamples(Resamples, confidence);
        return new(Name, Estimate, interval.Low, interval.High);
    }
}
