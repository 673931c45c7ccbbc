using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Sdk.Benchmarks;

/// <summary>Runs ratios: a warm-up, at least 7 rounds with the order swapped each round, the median of the paired ratios; a spread over 30 % is run once more.</summary>
internal static class RatioRunner
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> RunAsync(IReadOnlyList<Func<Ratio>> ratios, string? name)
    {
        var ran = 0;
        foreach (var create in ratios)
        {
            await using var ratio = create();
            if (name is not null && !ratio.Name.StartsWith(name, StringComparison.Ordinal))
            {
                continue;
            }

            ran++;
            await ratio.SetupAsync();
            var rounds = await MeasureAsync(ratio);
            if (Spread(rounds) > 0.30)
            {
                rounds = await MeasureAsync(ratio);
            }

            Console.WriteLine(JsonSerializer.Serialize(new
            {
                name = ratio.Name,
                unit = ratio.Unit,
                better = ratio.Better,
                ours = Median(rounds.Select(r => r[0])),
                baseline = Median(rounds.Select(r => r[1])),
                ratio = Math.Round(Median(rounds.Select(r => r[0] / r[1])), 3),
                rounds,
                baseline_is = ratio.BaselineIs,
                durability = ratio.Durability,
                rows = ratio.Rows,
            }, Json));
        }

        if (ran == 0)
        {
            Console.Error.WriteLine($"No ratio is named '{name}'. Known: {string.Join(", ", ratios.Select(r => r().Name))}");
            return 1;
        }

        return 0;
    }

    private static async Task<double[][]> MeasureAsync(Ratio ratio)
    {
        await ratio.OursAsync();
        await ratio.BaselineAsync();
        var rounds = new double[ratio.Rounds][];
        for (var i = 0; i < rounds.Length; i++)
        {
            GC.Collect();
            double ours, baseline;
            if (i % 2 == 0)
            {
                ours = await ratio.OursAsync();
                baseline = await ratio.BaselineAsync();
            }
            else
            {
                baseline = await ratio.BaselineAsync();
                ours = await ratio.OursAsync();
            }

            rounds[i] = [ours, baseline];
        }

        return rounds;
    }

    private static double Spread(double[][] rounds)
    {
        var ratios = rounds.Select(r => r[0] / r[1]).ToArray();
        return (ratios.Max() - ratios.Min()) / Median(ratios);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
