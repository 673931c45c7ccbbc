namespace Mlops.Sdk.Benchmarks;

/// <summary>Every ratio, one line each.</summary>
internal static class Ratios
{
    public static IReadOnlyList<Func<Ratio>> All { get; } =
    [
        () => new Data.DataCheckRatio(),
        () => new Metadata.AppendPointsRatio(),
        () => new Metadata.Commit64Ratio(),
        () => new Registry.ResolveCachedRatio(),
        () => new Registry.ResolveUncachedRatio(),
        () => new Serving.PredictRatio("serving.predict.linear", 200_000, Serving.BenchModels.Linear),
        () => new Serving.PredictRatio("serving.predict.tree", 50_000, Serving.BenchModels.Tree),
        () => new Serving.PredictAllocRatio(100_000),
        () => new Serving.PredictScalingRatio(500_000),
        () => new Tracking.LogBatchPostgresRatio(),
        () => new Pipelines.StepExecutedRatio(),
        () => new Pipelines.StepCachedRatio(),
    ];
}
