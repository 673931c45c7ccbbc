using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>Puts runs side by side.</summary>
internal static class RunComparer
{
    public static RunComparison Compare(IReadOnlyList<TrackedRun> runs, IReadOnlyDictionary<string, MetricGoal> goals) => new()
    {
        Runs = runs,
        Params = Rows(runs, run => run.Params),
        Metrics = [.. Names(runs, run => run.Metrics.Keys).Select(name => Metric(name, runs, goals))],
        Datasets = Rows(runs, Datasets),
        Code = Rows(runs, Code),
        Environment = Rows(runs, Environment),
    };

    private static ComparedMetric Metric(string name, IReadOnlyList<TrackedRun> runs, IReadOnlyDictionary<string, MetricGoal> goals)
    {
        double?[] values = [.. runs.Select(run => run.Metrics.TryGetValue(name, out var value) ? value : default(double?))];
        MetricGoal? goal = goals.TryGetValue(name, out var given) ? given : null;
        int? best = null;
        for (var i = 0; goal is not null && i < values.Length; i++)
        {
            if (values[i] is { } value && !double.IsNaN(value) && (best is null || (goal == MetricGoal.Maximize ? value > values[best.Value] : value < values[best.Value])))
            {
                best = i;
            }
        }

        return new(name, values, goal, best);
    }

    private static Dictionary<string, AttributeValue> Datasets(TrackedRun run) => run.Inputs
        .GroupBy(input => $"{TrackingEntities.Text(input.Role)}: {input.Name}", StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => new AttributeValue(string.Join(' ', group.Select(input => input.Digest.ToString()).Order(StringComparer.Ordinal))), StringComparer.Ordinal);

    private static Dictionary<string, AttributeValue> Code(TrackedRun run)
    {
        var rows = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        if (run.Code is { } code)
        {
            rows["commit"] = code.Commit;
            rows["dirty"] = code.Dirty ? "true" : "false";
            rows["untracked files"] = code.UntrackedFiles;
            if (code.Diff is { } diff)
            {
                rows["diff"] = diff.ToString();
            }
        }

        return rows;
    }

    private static Dictionary<string, AttributeValue> Environment(TrackedRun run)
    {
        var rows = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            ["operating system"] = run.Environment.OperatingSystem,
            ["architecture"] = run.Environment.Architecture,
            ["runtime"] = run.Environment.Runtime,
            ["cores"] = run.Environment.Cores,
        };
        if (run.Environment.Packages is { } packages)
        {
            rows["packages"] = packages.ToString();
        }

        return rows;
    }

    private static ComparedValue[] Rows(IReadOnlyList<TrackedRun> runs, Func<TrackedRun, IReadOnlyDictionary<string, AttributeValue>> select)
    {
        var values = runs.Select(select).ToList();
        return [.. Names(values, run => run.Keys).Select(name => new ComparedValue(name, [.. values.Select(run => run.TryGetValue(name, out var value) ? value : default(AttributeValue?))]))];
    }

    private static IOrderedEnumerable<string> Names<T>(IReadOnlyList<T> runs, Func<T, IEnumerable<string>> select) => runs.SelectMany(select).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
