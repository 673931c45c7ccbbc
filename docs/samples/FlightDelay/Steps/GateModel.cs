using FlightDelay.Features;
using FlightDelay.Training;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Steps;

/// <summary>The best candidate, the champion that it meets (null for the first), and the rows.</summary>
public sealed record GateRequest(Digest Candidate, Digest? Champion, FeatureRows Train, FeatureRows HoldOut);

/// <summary>The answer of the gate.</summary>
public sealed record GateOutcome(Verdict Verdict, ArtifactRef Report);

/// <summary>Decides whether the candidate may become the champion: good enough, better than the simple baseline, and not worse than the champion on the same flights.</summary>
[Step("gate", Environment = ["Microsoft.ML.Core", "Microsoft.ML.FastTree", "Microsoft.ML.StandardTrainers"])]
public sealed class GateModel(IModelEvaluator evaluator, IArtifactStore artifacts) : IStep<GateRequest, GateOutcome>
{
    private static readonly GatePolicy Policy = new("flight-delay")
    {
        Metric = Metrics.RocAuc,
        Floor = 0.75,
        BaselineMargin = 0.05,
        NonInferiorityMargin = 0.005,
    };

    public async Task<GateOutcome> RunAsync(GateRequest input, StepContext context, CancellationToken cancellationToken)
    {
        var train = await FeatureFile.ReadAsync(artifacts, input.Train.File, cancellationToken);
        var rows = await FeatureFile.ReadAsync(artifacts, input.HoldOut.File, cancellationToken);
        var (late, expected) = await FlightModel.ScoreAsync(artifacts, input.Candidate, rows, cancellationToken);
        var champion = input.Champion is { } met ? (await FlightModel.ScoreAsync(artifacts, met, rows, cancellationToken)).Expected : null;
        var report = await evaluator.EvaluateAsync(
            Policy,
            new GateInput
            {
                Rows = input.HoldOut.File.Digest,
                Labels = late,
                Candidate = expected,
                Baseline = new LateShareByHour(train).Score(rows),
                Champion = champion,

                // A storm delays a whole day, so flights of one day are not independent.
                Clusters = GateInput.ClustersOf(rows.Select(r => r.Date.Date)),
                Progress = new Progress<double>(done => context.Progress.Report(new(done))),
            },
            cancellationToken);
        return new(report.Verdict, report.Artifact);
    }
}
