namespace Mlops.Sdk.Evaluation;

/// <summary>A number that says how good scores are. Thread-safe and stateless.</summary>
/// <remarks>Work that does not depend on the resample, such as sorting, belongs into <see cref="Prepare"/>: it runs once, <see cref="IPreparedMetric.Compute"/> thousands of times.</remarks>
public interface IMetric
{
    /// <summary>The name with every parameter that changes the value, for example <c>accuracy@0.5</c>. Two metrics of one name are taken for the same.</summary>
    string Name { get; }

    /// <summary>Which direction is better.</summary>
    MetricGoal Goal { get; }

    /// <summary>Prepares the metric for one model's scores. Both lists have the same length and hold finite numbers only; they are not modified afterwards.</summary>
    /// <exception cref="ArgumentException">A label or score is outside of what the metric is defined for; the message names the row.</exception>
    IPreparedMetric Prepare(ReadOnlyMemory<double> labels, ReadOnlyMemory<double> scores);
}

/// <summary>A metric over the fixed scores of one model, ready to be computed on resamples. Thread-safe: one instance is used by several threads at once.</summary>
public interface IPreparedMetric
{
    /// <summary>Why these rows cannot show anything, for example that they hold one class only; null when they can.</summary>
    string? Degenerate { get; }

    /// <summary>The value when row <c>i</c> occurs <c>counts[i]</c> times; NaN when the metric is not defined there. Equal counts must give equal bits.</summary>
    double Compute(ReadOnlySpan<int> counts);
}
