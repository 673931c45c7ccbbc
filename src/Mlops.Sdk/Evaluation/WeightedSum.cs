namespace Mlops.Sdk.Evaluation;

/// <summary>Sums in one fixed order, so that equal inputs give equal bits on every machine.</summary>
internal static class WeightedSum
{
    public static double Of(ReadOnlySpan<double> values, ReadOnlySpan<int> counts, out long total)
    {
        // Four accumulators keep the processor's adders busy; a vector's width would make the order depend on the machine.
        double a = 0, b = 0, c = 0, d = 0;
        long n = 0;
        counts = counts[..values.Length];
        var i = 0;
        for (; i <= values.Length - 4; i += 4)
        {
            a += values[i] * counts[i];
            b += values[i + 1] * counts[i + 1];
            c += values[i + 2] * counts[i + 2];
            d += values[i + 3] * counts[i + 3];
            n += (long)counts[i] + counts[i + 1] + counts[i + 2] + counts[i + 3];
        }

        for (; i < values.Length; i++)
        {
            a += values[i] * counts[i];
            n += counts[i];
        }

        total = n;
        return (a + b) + (c + d);
    }
}
