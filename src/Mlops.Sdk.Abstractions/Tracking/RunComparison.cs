using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>Runs side by side. Each row has one value a run, in the order of <see cref="Runs"/>; rows are ordered by name, ordinally.</summary>
public sealed record RunComparison
{
    /// <summary>The runs, in the order asked for.</summary>
    public required IReadOnlyList<TrackedRun> Runs { get; init; }

    /// <summary>Every param that a run has; those with <see cref="ComparedValue.Differs"/> tell the runs apart. The text 1 and the number 1 differ.</summary>
    public required IReadOnlyList<ComparedValue> Params { get; init; }

    /// <summary>The latest value of every metric that a run has.</summary>
    public required IReadOnlyList<ComparedMetric> Metrics { get; init; }

    /// <summary>The data sets by role and name, such as <c>training: flights</c>; the value is the digest of the content. Several of one role and name in one run stand together, separated by a space.</summary>
    public required IReadOnlyList<ComparedValue> Datasets { get; init; }

    /// <summary>The rows <c>commit</c>, <c>dirty</c> (true or false), <c>diff</c> (digest of the uncommitted changes) and <c>untracked files</c>; null where the code was not captured.</summary>
    public required IReadOnlyList<ComparedValue> Code { get; init; }

    /// <summary>The rows <c>architecture</c>, <c>cores</c>, <c>operating system</c>, <c>packages</c> (digest of the list) and <c>runtime</c>.</summary>
    public required IReadOnlyList<ComparedValue> Environment { get; init; }
}

/// <summary>One thing that runs may have.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Values">The value of each run; null where it has none.</param>
public sealed record ComparedValue(string Name, IReadOnlyList<AttributeValue?> Values)
{
    /// <summary>Whether not all runs have the same value, or some have none.</summary>
    public bool Differs => Values.Any(value => value != Values[0]);
}

/// <summary>The latest values of one metric.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Values">The value of each run; null where it has none.</param>
/// <param name="Goal">Which direction is better, or null when the comparison was not told.</param>
/// <param name="Best">The index of the run with the best value, the first of equals; null without a goal, or when no run has a number. NaN is never the best.</param>
public sealed record ComparedMetric(string Name, IReadOnlyList<double?> Values, MetricGoal? Goal, int? Best);
