namespace Mlops.Sdk.Benchmarks;

/// <summary>Every ratio, one line each.</summary>
internal static class Ratios
{
    public static IReadOnlyList<Func<Ratio>> All { get; } =
    [
        () => new Metadata.AppendPointsRatio(),
        () => new Metadata.Commit64Ratio(),
    ];
}
