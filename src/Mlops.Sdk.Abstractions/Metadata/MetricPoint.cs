namespace Mlops.Sdk.Metadata;

/// <summary>One observation of a metric.</summary>
/// <param name="Key">The metric's name.</param>
/// <param name="Step">The position in training; any integer.</param>
/// <param name="Timestamp">When it was observed, by the writer's clock; cut to the whole millisecond before it, by the store, before points are compared.</param>
/// <param name="Value">Any double; NaN and infinities are kept.</param>
public readonly record struct MetricPoint(string Key, long Step, DateTimeOffset Timestamp, double Value);

/// <summary>Selects the points of one metric of one entity, both ends of the range included.</summary>
public sealed record PointQuery(EntityId Owner, string Key)
{
    /// <summary>The first step.</summary>
    public long FromStep { get; init; } = long.MinValue;

    /// <summary>The last step.</summary>
    public long ToStep { get; init; } = long.MaxValue;
}
