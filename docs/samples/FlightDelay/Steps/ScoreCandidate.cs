using FlightDelay.Features;
using FlightDelay.Training;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Steps;

/// <summary>A fitted candidate and the rows to measure it by.</summary>
public sealed record ScoreRequest(FittedCandidate Candidate, FeatureRows Rows);

/// <summary>How good a candidate is on rows that it has not seen.</summary>
public sealed record ScoredCandidate(FittedCandidate Candidate, Scores Scores);

/// <summary>Metrics, and the share of flights that was late and was said to be late.</summary>
public sealed record Scores(double RocAuc, double LogLoss, double Brier, double ShareLate, double ShareExpected)
{
    internal static Scores Of(IReadOnlyList<double> late, IReadOnlyList<double> expected) => new(
        Metrics.RocAuc.Evaluate(late, expected),
        Metrics.LogLoss.Evaluate(late, expected),
        Metrics.Brier.Evaluate(late, expected),
        late.Average(),
        expected.Average());
}

/// <summary>Measures a candidate on held-out rows.</summary>
[Step("evaluate", Environment = ["Microsoft.ML.Core", "Microsoft.ML.FastTree", "Microsoft.ML.StandardTrainers"])]
public sealed class ScoreCandidate(IArtifactStore artifacts) : IStep<ScoreRequest, ScoredCandidate>
{
    public async Task<ScoredCandidate> RunAsync(ScoreRequest input, StepContext context, CancellationToken cancellationToken)
    {
        context.Progress.Report(new(double.NaN, input.Candidate.Trainer.ToString()));
        var rows = await FeatureFile.ReadAsync(artifacts, input.Rows.File, cancellationToken);
        var (late, expected) = await FlightModel.ScoreAsync(artifacts, input.Candidate.Package, rows, cancellationToken);
        return new(input.Candidate, Scores.Of(late, expected));
    }
}
