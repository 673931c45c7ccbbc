using FlightDelay.Features;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace FlightDelay.Training;

/// <summary>The candidates.</summary>
public enum Trainer
{
    /// <summary>Logistic regression on binned and one-hot encoded features: the linear one.</summary>
    LogisticRegression,

    /// <summary>Gradient-boosted trees.</summary>
    BoostedTrees,

    /// <summary>A random forest, calibrated to probabilities.</summary>
    RandomForest,
}

/// <summary>What each candidate is made of.</summary>
internal static class Trainers
{
    private static readonly string[] Numbers = [.. typeof(FlightFeatures).GetProperties().Where(p => p.PropertyType == typeof(float)).Select(p => p.Name).Order(StringComparer.Ordinal)];

    public static IEstimator<ITransformer> Create(MLContext ml, Trainer trainer, int seed) => trainer switch
    {
        Trainer.LogisticRegression => ml.Transforms.Concatenate("Numbers", Numbers)
            .Append(ml.Transforms.NormalizeBinning("Numbers", maximumBinCount: 32))
            .Append(ml.Transforms.Categorical.OneHotEncoding([new("HourOfDay", nameof(FlightFeatures.Hour)), new("Day", nameof(FlightFeatures.DayOfWeek)), new("From", nameof(FlightFeatures.Origin)), new("To", nameof(FlightFeatures.Destination))]))
            .Append(ml.Transforms.Concatenate("Features", "Numbers", "HourOfDay", "Day", "From", "To"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                LabelColumnName = nameof(LabelledFlight.Late),
                MaximumNumberOfIterations = 40,
                InitialWeightsDiameter = 0.1f,
                NumberOfThreads = 1,
            })),
        Trainer.BoostedTrees => Trees(ml, ml.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            LabelColumnName = nameof(LabelledFlight.Late),
            NumberOfTrees = 100,
            NumberOfLeaves = 31,
            MinimumExampleCountPerLeaf = 50,
            LearningRate = 0.15,
            FeatureFraction = 0.8,
            FeatureSelectionSeed = seed,
            Seed = seed,
            NumberOfThreads = 1,
        })),
        Trainer.RandomForest => Trees(ml, ml.BinaryClassification.Trainers.FastForest(new FastForestBinaryTrainer.Options
        {
            LabelColumnName = nameof(LabelledFlight.Late),
            NumberOfTrees = 50,
            NumberOfLeaves = 64,
            MinimumExampleCountPerLeaf = 50,
            FeatureFraction = 0.5,
            FeatureSelectionSeed = seed,
            Seed = seed,
            NumberOfThreads = 1,
        })).Append(ml.BinaryClassification.Calibrators.Platt(nameof(LabelledFlight.Late))),
        _ => throw new ArgumentOutOfRangeException(nameof(trainer), trainer, null),
    };

    private static EstimatorChain<ITransformer> Trees(MLContext ml, IEstimator<ITransformer> trees) =>
        ml.Transforms.Categorical.OneHotEncoding("From", nameof(FlightFeatures.Origin))
            .Append(ml.Transforms.Concatenate("Features", [.. Numbers, "From"]))
            .Append(trees);
}
