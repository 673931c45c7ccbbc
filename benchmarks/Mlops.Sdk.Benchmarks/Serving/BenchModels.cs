using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.Benchmarks.Serving;

internal sealed class BenchRow
{
    [Length(3, 3)]
    public string Origin { get; set; } = "";

    [Length(3, 3)]
    public string Destination { get; set; } = "";

    [Range(0L, 6000L)]
    public float Distance { get; set; }

    [Range(0L, 23L)]
    public float Hour { get; set; }

    public float Delay { get; set; }
}

internal sealed class BenchScore
{
    public float Score { get; set; }
}

/// <summary>The two models of the serving ratios: both behind one-hot airports, a normalised linear one (a fraction of a microsecond a row) and 100 trees of 20 leaves (a few microseconds).</summary>
internal static class BenchModels
{
    private static readonly string[] Airports = ["ORD", "DFW", "ATL", "LAX", "PHX", "JFK", "SFO", "DEN"];

    public static BenchRow[] Rows(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => new BenchRow
        {
            Origin = Airports[random.Next(Airports.Length)],
            Destination = Airports[random.Next(Airports.Length)],
            Distance = random.Next(100, 2500),
            Hour = random.Next(24),
            Delay = (float)(random.NextDouble() * 60) - 10,
        })];
    }

    public static (ITransformer Model, DataViewSchema Schema) Linear(MLContext context) => Fit(
        context,
        Features(context).Append(context.Transforms.NormalizeMeanVariance("Features")).Append(context.Regression.Trainers.Sdca(nameof(BenchRow.Delay), maximumNumberOfIterations: 5)));

    public static (ITransformer Model, DataViewSchema Schema) Tree(MLContext context) => Fit(
        context,
        Features(context).Append(context.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { LabelColumnName = nameof(BenchRow.Delay), NumberOfTrees = 100, NumberOfLeaves = 20, NumberOfThreads = 1 })));

    private static EstimatorChain<ColumnConcatenatingTransformer> Features(MLContext context) =>
        context.Transforms.Categorical.OneHotEncoding([new InputOutputColumnPair("O", nameof(BenchRow.Origin)), new InputOutputColumnPair("D", nameof(BenchRow.Destination))])
            .Append(context.Transforms.Concatenate("Features", "O", "D", nameof(BenchRow.Distance), nameof(BenchRow.Hour)));

    private static (ITransformer Model, DataViewSchema Schema) Fit<T>(MLContext context, IEstimator<T> pipeline)
        where T : class, ITransformer
    {
        var data = context.Data.LoadFromEnumerable(Rows(5000));
        return (pipeline.Fit(data), data.Schema);
    }
}
