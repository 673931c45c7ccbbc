using System.Text.Json.Serialization;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Evaluation;

/// <summary>The stored answer of a gate: equal inputs give equal bytes. Holds no clock and no machine.</summary>
public sealed record GateReport
{
    /// <summary>The version of this record that this library writes.</summary>
    public const int CurrentRecordVersion = 1;

    private readonly ArtifactRef? artifact;

    /// <summary>The version of the stored record.</summary>
    public int RecordVersion { get; init; } = CurrentRecordVersion;

    /// <summary>The policy's name.</summary>
    public required string Gate { get; init; }

    /// <summary>Fail when any check fails, else inconclusive when any is, else pass.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The metric's name.</summary>
    public required string Metric { get; init; }

    /// <summary>Which direction is better.</summary>
    public required MetricGoal Goal { get; init; }

    /// <summary>The level of the two-sided intervals.</summary>
    public required double Confidence { get; init; }

    /// <summary>The number of bootstrap resamples.</summary>
    public required int Resamples { get; init; }

    /// <summary>The seed of the resamples, as 16 hexadecimal digits.</summary>
    public required string Seed { get; init; }

    /// <summary>The number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of clusters, or null when rows were resampled one by one.</summary>
    public int? Clusters { get; init; }

    /// <summary>Every requirement of the policy, also those that did not apply.</summary>
    public required IReadOnlyList<GateCheck> Checks { get; init; }

    /// <summary>The metric of each model that was scored: candidate, baseline, champion.</summary>
    public required IReadOnlyList<GateEstimate> Models { get; init; }

    /// <summary>What was judged.</summary>
    public required GateEvidence Evidence { get; init; }

    /// <summary>The stored report: hand its digest to <c>ModelRegistration.GateReport</c>. Not part of the stored bytes.</summary>
    /// <exception cref="InvalidOperationException">The report does not come from an evaluator.</exception>
    [JsonIgnore]
    public ArtifactRef Artifact
    {
        get => artifact ?? throw new InvalidOperationException("This report was not stored: take it from IModelEvaluator.");
        init => artifact = value;
    }

    /// <summary>The report for people, as Markdown in invariant culture.</summary>
    public string ToMarkdown() => GateReportMarkdown.Render(this);
}

/// <summary>One requirement and what the data say about it.</summary>
public sealed record GateCheck
{
    /// <summary>The name of the check against <see cref="GatePolicy.Floor"/>.</summary>
    public const string Floor = "floor";

    /// <summary>The name of the check against <see cref="GatePolicy.BaselineMargin"/>.</summary>
    public const string BetterThanBaseline = "better than baseline";

    /// <summary>The name of the check against <see cref="GatePolicy.NonInferiorityMargin"/>.</summary>
    public const string NotWorseThanChampion = "not worse than champion";

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The answer; null when the check did not apply, as <see cref="Reason"/> says.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The metric for the floor; else candidate minus other model, turned so that positive is better. Null when it could not be computed.</summary>
    public double? Estimate { get; init; }

    /// <summary>The lower end of the interval of <see cref="Estimate"/>, or null when there is none.</summary>
    public double? Low { get; init; }

    /// <summary>The upper end of the interval of <see cref="Estimate"/>, or null when there is none.</summary>
    public double? High { get; init; }

    /// <summary>What the interval was compared with: the floor, the baseline margin, or minus the non-inferiority margin. Null when the check did not apply.</summary>
    public double? Threshold { get; init; }

    /// <summary>The number of rows behind the answer.</summary>
    public required int Rows { get; init; }

    /// <summary>One sentence that says why.</summary>
    public required string Reason { get; init; }
}

/// <summary>The metric of one model with its interval.</summary>
/// <param name="Model"><c>candidate</c>, <c>baseline</c> or <c>champion</c>.</param>
/// <param name="Estimate">The value on all rows, or null when it is not defined.</param>
/// <param name="Low">The lower end of the interval, or null when there is none.</param>
/// <param name="High">The upper end of the interval, or null when there is none.</param>
public sealed record GateEstimate(string Model, double? Estimate, double? Low, double? High);

/// <summary>What was judged, by digest. Lists are hashed as little-endian 64-bit numbers.</summary>
/// <param name="Rows">The rows, as the caller named them.</param>
/// <param name="Labels">The labels.</param>
/// <param name="Candidate">The candidate's scores.</param>
/// <param name="Baseline">The baseline's scores, or null.</param>
/// <param name="Champion">The champion's scores, or null.</param>
/// <param name="Clusters">The cluster numbers, renumbered by first appearance; or null.</param>
public sealed record GateEvidence(string Rows, string Labels, string Candidate, string? Baseline, string? Champion, string? Clusters);
