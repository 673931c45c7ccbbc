using FlightDelay.Features;
using FlightDelay.Training;
using Mlops.Sdk;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Serving;

namespace FlightDelay.Steps;

/// <summary>Flights to predict with the champion, which must be this version.</summary>
public sealed record PredictRequest(int Version, FeatureRows Rows);

/// <summary>What came of it.</summary>
public sealed record PredictedFlights(int Version, Scores Scores);

/// <summary>Predicts every flight as a service would, one at a time through the predictor, and looks how it went.</summary>
[Step("predict", Environment = ["Microsoft.ML.Core", "Microsoft.ML.FastTree", "Microsoft.ML.StandardTrainers"])]
public sealed class PredictFlights(IPredictor<FlightFeatures, LatePrediction> predictor, IArtifactStore artifacts) : IStep<PredictRequest, PredictedFlights>
{
    public async Task<PredictedFlights> RunAsync(PredictRequest input, StepContext context, CancellationToken cancellationToken)
    {
        var served = await predictor.RefreshAsync(cancellationToken);
        if (served != input.Version)
        {
            throw new ConflictException($"The alias '{Champion.Alias}' moved from version {input.Version} to {served} meanwhile. Run again.");
        }

        var rows = await FeatureFile.ReadAsync(artifacts, input.Rows.File, cancellationToken);
        var expected = new double[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            var prediction = await predictor.PredictAsync(rows[i], cancellationToken);
            expected[i] = prediction.Value.Probability;
            if (i % 10_000 == 0)
            {
                context.Progress.Report(new((double)i / rows.Count));
            }
        }

        return new(served, Scores.Of([.. rows.Select(r => r.Late ? 1.0 : 0.0)], expected));
    }
}
