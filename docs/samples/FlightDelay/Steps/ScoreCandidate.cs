using FlightDelay.Features;
using FlightDelay.Training;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Tracking;

namespace FlightDelay.Steps;

/// <summary>A fitted candidate, the rows that it was fitted to, and the rows to measure it by. <paramref name="Leak"/>: the rows look into the future.</summary>
public sealed record ScoreRequest(FittedCandidate Candidate, FeatureRows Train, FeatureRows Rows, bool Leak = false);

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

/// <summary>Measures a candidate on held-out rows and tracks it as a run. The id of the run stays out of the output, so that equal runs have equal outputs.</summary>
[Step("evaluate", Environment = ["Microsoft.ML.Core", "Microsoft.ML.FastTree", "Microsoft.ML.StandardTrainers"])]
public sealed class ScoreCandidate(IArtifactStore artifacts, IExperimentTracker tracker) : IStep<ScoreRequest, ScoredCandidate>
{
    public async Task<ScoredCandidate> RunAsync(ScoreRequest input, StepContext context, CancellationToken cancellationToken)
    {
        context.Progress.Report(new(double.NaN, input.Candidate.Trainer.ToString()));
        var rows = await FeatureFile.ReadAsync(artifacts, input.Rows.File, cancellationToken);
        var (late, expected) = await FlightModel.ScoreAsync(artifacts, input.Candidate.Package, rows, cancellationToken);
        var scores = Scores.Of(late, expected);
        await TrackAsync(input, context.Seed, scores, cancellationToken);
        return new(input.Candidate, scores);
    }

    private async Task TrackAsync(ScoreRequest input, int seed, Scores scores, CancellationToken cancellationToken)
    {
        var options = new RunOptions
        {
            Name = input.Candidate.Trainer.ToString(),
            Inputs =
            [
                new(input.Train.File.Digest, DatasetRole.Training, "January to April", input.Train.Rows),
                new(input.Rows.File.Digest, DatasetRole.Validation, "May", input.Rows.Rows),
            ],
        };
        await using var run = await tracker.StartRunAsync(input.Leak ? $"{FlightModel.Name}-leak" : FlightModel.Name, options, cancellationToken);
        await run.LogParamsAsync(
            new Dictionary<string, AttributeValue> { ["trainer"] = input.Candidate.Trainer.ToString(), ["seed"] = seed, ["package"] = input.Candidate.Package.ToString() },
            cancellationToken);
        run.LogMetric("roc_auc", scores.RocAuc);
        run.LogMetric("log_loss", scores.LogLoss);
        run.LogMetric("brier", scores.Brier);
        await run.CompleteAsync(cancellationToken);
    }
}
