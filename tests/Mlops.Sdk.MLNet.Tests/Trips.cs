using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Mlops.Sdk.MLNet.Tests;

public sealed class Trip
{
    public float Distance { get; set; }

    public float Hour { get; set; }

    public string Origin { get; set; } = "";

    public bool Label { get; set; }
}

public sealed class TripAnswer
{
    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }

    [ColumnName("Score")]
    public float Raw { get; set; }
}

/// <summary>Made-up trips and models trained on them, always in the same way for the same seed.</summary>
internal static class Trips
{
    public static IReadOnlyList<Trip> Make(int count, int seed = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var trip = new Trip { Distance = random.NextSingle() * 1000, Hour = random.Next(24), Origin = "ORD DFW ATL"[..11].Split(' ')[random.Next(3)] };
            trip.Label = (trip.Distance / 1000) + (trip.Hour / 24) + (random.NextSingle() * 0.5f) > 1.2f;
            return trip;
        })];
    }

    public static (MLContext Context, ITransformer Model, IDataView Rows) Train(string trainer, int seed)
    {
        var context = new MLContext(seed);
        var rows = context.Data.LoadFromEnumerable(Make(800));
        var features = context.Transforms.Categorical.OneHotEncoding("OriginVector", "Origin")
            .Append(context.Transforms.Concatenate("Features", "Distance", "Hour", "OriginVector"))
            .Append(context.Transforms.NormalizeMinMax("Features"));
        IEstimator<ITransformer> last = trainer switch
        {
            "sdca" => context.BinaryClassification.Trainers.SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 5 }),
            "fasttree" => context.BinaryClassification.Trainers.FastTree(new() { NumberOfThreads = 1, NumberOfTrees = 10, NumberOfLeaves = 8, FeatureFraction = 0.6, Seed = seed, FeatureSelectionSeed = seed }),
            "lightgbm" => context.BinaryClassification.Trainers.LightGbm(new() { NumberOfThreads = 1, NumberOfIterations = 10, Deterministic = true }),
            _ => throw new ArgumentOutOfRangeException(nameof(trainer)),
        };
        return (context, features.Append(last).Fit(rows), rows);
    }
}
