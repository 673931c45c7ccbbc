namespace Mlops.Sdk.Evaluation;

/// <summary>What a model has to show before it may be used. At least one of <see cref="Floor"/>, <see cref="BaselineMargin"/> and <see cref="NonInferiorityMargin"/> is set.</summary>
/// <param name="name">The gate's name, at most 200 characters; part of the seed.</param>
public sealed class GatePolicy(string name)
{
    /// <summary>The default of <see cref="Confidence"/>.</summary>
    public const double DefaultConfidence = 0.95;

    /// <summary>The default of <see cref="MinRows"/>.</summary>
    public const int DefaultMinRows = 1_000;

    /// <summary>The default of <see cref="MinClusters"/>.</summary>
    public const int DefaultMinClusters = 20;

    /// <summary>The default of <see cref="Resamples"/>, and the least.</summary>
    public const int DefaultResamples = 2_000;

    /// <summary>The gate's name.</summary>
    public string Name { get; } = name;

    /// <summary>The metric that is judged.</summary>
    public required IMetric Metric { get; init; }

    /// <summary>The worst acceptable value of the metric itself: a ceiling where smaller is better. It is the confidence bound that must reach it. Null: not checked.</summary>
    public double? Floor { get; init; }

    /// <summary>By how much, in units of the metric, the candidate must be better than the simple baseline; 0 or more, and 0 asks for better, not for as good. Null: not checked.</summary>
    public double? BaselineMargin { get; init; }

    /// <summary>By how much, in units of the metric, the candidate may be worse than the champion; 0 or more. Null: not checked.</summary>
    public double? NonInferiorityMargin { get; init; }

    /// <summary>The level of the two-sided intervals, between 0.5 and 1. Default 0.95: each bound errs in at most 2.5 % of evaluations.</summary>
    public double Confidence { get; init; } = DefaultConfidence;

    /// <summary>With fewer rows the answer is never a pass. Default 1,000.</summary>
    public int MinRows { get; init; } = DefaultMinRows;

    /// <summary>With fewer clusters the answer is never a pass; counts only when clusters are given. Default 20: below, cluster bootstrap intervals are known to be too narrow.</summary>
    public int MinClusters { get; init; } = DefaultMinClusters;

    /// <summary>How many bootstrap resamples are drawn, from 2,000 to 1,000,000. Default 2,000.</summary>
    public int Resamples { get; init; } = DefaultResamples;
}
