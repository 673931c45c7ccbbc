namespace Mlops.Sdk.Benchmarks;

/// <summary>Every ratio, one line each.</summary>
internal static class Ratios
{
    public static IReadOnlyList<Func<Ratio>> All { get; } =
    [
        () => new Artifacts.PutRatio(),
        () => new Data.DataCheckRatio(),
        () => new Tracking.LogBatchRatio(),
        () => new Metadata.Commit64Ratio(),
        () => new Registry.ResolveCachedRatio(),
        () => new Registry.ResolveUncachedRatio(),
        () => new Tracking.SearchRatio("tracking.search.broad", Tracking.SearchData.Broad, Baselines.SqliteSearchBaseline.Broad, 50),
        () => new Tracking.SearchRatio("tracking.search.selective", Tracking.SearchData.Selective, Baselines.SqliteSearchBaseline.Selective, 300),
        () => new Tracking.SearchRatio("tracking.search.order_only", Tracking.SearchData.OrderOnly, Baselines.SqliteSearchBaseline.OrderOnly, 50),
        () => new Tracking.HistoryRatio(),
        () => new Serving.PredictRatio("serving.predict.linear", 200_000, Serving.BenchModels.Linear),
        () => new Serving.PredictRatio("serving.predict.tree", 50_000, Serving.BenchModels.Tree),
        () => new Serving.PredictAllocRatio(100_000),
        () => new Serving.PredictScalingRatio(500_000),
        () => new Tracking.LogBatchPostgresRatio(),
        () => new Pipelines.StepExecutedRatio(),
        () => new Pipelines.StepCachedRatio(),
    ];
}
