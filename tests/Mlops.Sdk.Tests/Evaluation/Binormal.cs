using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;

namespace Mlops.Sdk.Tests.Evaluation;

/// <summary>
/// Scores from the binormal model: negatives N(0, 1), positives N(d, 1), so that the true ROC AUC is Φ(d ÷ √2) (Green and Swets 1966). Both models share a part of their noise, as models trained on the same data do.
/// </summary>
internal sealed class Binormal(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>The separation that gives a true ROC AUC.</summary>
    public static double Separation(double auc)
    {
        var (low, high) = (0.0, 10.0);
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = NormalCdf(middle / Math.Sqrt(2)) < auc ? (middle, high) : (low, middle);
        }

        return low;
    }

    public GateInput Draw(int rows, double candidateAuc, double? championAuc = null, double shared = 0.8)
    {
        var (candidateShift, championShift) = (Separation(candidateAuc), championAuc is { } auc ? Separation(auc) : 0);
        var (labels, candidate, champion) = (new double[rows], new double[rows], new double[rows]);
        for (var i = 0; i < rows; i++)
        {
            labels[i] = random.NextDouble() < 0.4 ? 1 : 0;
            var common = Math.Sqrt(shared) * Normal();
            candidate[i] = (labels[i] * candidateShift) + common + (Math.Sqrt(1 - shared) * Normal());
            champion[i] = (labels[i] * championShift) + common + (Math.Sqrt(1 - shared) * Normal());
        }

        return new() { Rows = Digest.Of(BitConverter.GetBytes(random.Next())), Labels = labels, Candidate = candidate, Champion = championAuc is null ? null : champion };
    }

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Φ by Simpson's rule on the density: slow, but independent of any approximation table.</summary>
    private static double NormalCdf(double x)
    {
        const int steps = 200;
        var (width, sum) = (x / steps, 0.0);
        for (var i = 0; i <= steps; i++)
        {
            var weight = i is 0 or steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Exp(-(i * width) * (i * width) / 2);
        }

        return 0.5 + (sum * width / 3 / Math.Sqrt(2 * Math.PI));
    }
}
