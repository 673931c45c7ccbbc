namespace Mlops.Sdk.Evaluation;

/// <summary>A two-sided interval; a null end has no bound.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="Undefined">On how many resamples the value was not defined.</param>
internal readonly record struct Interval(double? Low, double? High, int Undefined)
{
    /// <summary>
    /// The percentile interval (Efron and Tibshirani 1993, chapter 13) with linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
    /// A resample on which the value is not defined counts as −∞ for the lower and as +∞ for the upper end: it can only widen the interval.
    /// </summary>
    public static Interval OfResamples(ReadOnlySpan<double> values, double confidence)
    {
        var sorted = values.ToArray();
        var defined = 0;
        foreach (var value in values)
        {
            if (double.IsFinite(value))
            {
                sorted[defined++] = value;
            }
        }

        Array.Sort(sorted, 0, defined);
        var undefined = sorted.Length - defined;
        var tail = (1 - confidence) / 2;
        return new(
            At(sorted.AsSpan(0, defined), ((sorted.Length - 1) * tail) - undefined),
            At(sorted.AsSpan(0, defined), (sorted.Length - 1) * (1 - tail)),
            undefined);
    }

    private static double? At(ReadOnlySpan<double> sorted, double position)
    {
        var below = (int)Math.Floor(position);
        var fraction = position - below;
        var above = fraction > 0 ? below + 1 : below;
        return below < 0 || above >= sorted.Length ? null : sorted[below] + (fraction * (sorted[above] - sorted[below]));
    }
}
