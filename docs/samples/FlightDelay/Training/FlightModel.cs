using FlightDelay.Features;
using Microsoft.ML;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Registry;

namespace FlightDelay.Training;

/// <summary>What the model answers.</summary>
public sealed class LatePrediction
{
    /// <summary>The probability that the flight arrives 15 minutes late or more.</summary>
    public float Probability { get; set; }
}

/// <summary>The model as the registry knows it.</summary>
internal static class FlightModel
{
    /// <summary>The name in the registry.</summary>
    public const string Name = "flight-delay";

    /// <summary>The truth about held-out rows and what a packaged model says about them. The package verifies before anything of it is loaded.</summary>
    public static async Task<(IReadOnlyList<double> Late, IReadOnlyList<double> Expected)> ScoreAsync(IArtifactStore artifacts, Digest package, IReadOnlyList<LabelledFlight> rows, CancellationToken cancellationToken)
    {
        using var model = await MLNetModel.LoadAsync(await ModelPackage.OpenAsync(artifacts, package, cancellationToken), cancellationToken: cancellationToken);
        var scored = model.Transformer.Score(new MLContext().Data.LoadFromEnumerable(rows), nameof(LabelledFlight.Late), cancellationToken);
        return (scored.Labels, scored.Probabilities!);
    }
}
