using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Evaluation;

/// <summary>Held-out rows and what each model says about them. All lists are in the same row order and have the same length.</summary>
public sealed class GateInput
{
    /// <summary>The digest of the rows; part of the seed and of the report. It names the data: equal digests mean equal rows in equal order.</summary>
    public required Digest Rows { get; init; }

    /// <summary>The truth: 0 or 1 for a binary metric, a number for a regression metric.</summary>
    public required IReadOnlyList<double> Labels { get; init; }

    /// <summary>The scores of the model under test.</summary>
    public required IReadOnlyList<double> Candidate { get; init; }

    /// <summary>The scores of a simple baseline, for example a constant, the last value or one rule. Null: there is none.</summary>
    public IReadOnlyList<double>? Baseline { get; init; }

    /// <summary>The scores of the current champion. Null: there is none yet.</summary>
    public IReadOnlyList<double>? Champion { get; init; }

    /// <summary>Which rows belong together, by equal numbers: rows of one customer, flights of one day. Whole clusters are resampled. Null: rows are independent.</summary>
    public IReadOnlyList<long>? Clusters { get; init; }

    /// <summary>Told the finished fraction, 0 to 1, from any thread; null for nobody.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Makes <see cref="Clusters"/> from keys of any type, numbered by first appearance.</summary>
    public static IReadOnlyList<long> ClustersOf<TKey>(IEnumerable<TKey> keys)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(keys);
        var numbers = new Dictionary<TKey, long>();
        var clusters = new List<long>();
        foreach (var key in keys)
        {
            if (!numbers.TryGetValue(key, out var number))
            {
                numbers.Add(key, number = numbers.Count);
            }

            clusters.Add(number);
        }

        return clusters;
    }
}
