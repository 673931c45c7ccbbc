using System.CommandLine;
using System.Globalization;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary><c>mlops runs compare</c>.</summary>
internal static class RunsCompare
{
    public static Command Create(Verb verb)
    {
        var ids = new Argument<string[]>("run") { Description = "The ids of the runs, 2 to 100.", Arity = ArgumentArity.OneOrMore };
        var all = new Option<bool>("--all") { Description = "Also what is the same in all runs." };
        var maximize = new Option<string[]>("--maximize") { Description = "A metric of which more is better; may be repeated.", HelpName = "METRIC" };
        var minimize = new Option<string[]>("--minimize") { Description = "A metric of which less is better; may be repeated.", HelpName = "METRIC" };
        var compare = new Command("compare", "Puts runs side by side: metrics, and what differs in params, data, code and environment.") { ids, all, maximize, minimize };
        verb.Run(compare, async (parsed, cancellationToken) =>
        {
            var runs = parsed.GetValue(ids)!;
            if (runs.Length is < 2 or > 100)
            {
                throw new ArgumentException("Name 2 to 100 runs to compare; 'mlops runs list' shows what exists.");
            }

            var goals = new Dictionary<string, MetricGoal>(StringComparer.Ordinal);
            foreach (var metric in parsed.GetValue(minimize) ?? [])
            {
                goals[metric] = MetricGoal.Minimize;
            }

            foreach (var metric in parsed.GetValue(maximize) ?? [])
            {
                if (!goals.TryAdd(metric, MetricGoal.Maximize))
                {
                    throw new ArgumentException($"The metric '{metric}' stands behind --maximize and --minimize. Leave one of them out.");
                }
            }

            return Table(await verb.Get<IExperimentTracker>().CompareRunsAsync(runs, goals, cancellationToken).ConfigureAwait(false), parsed.GetValue(all));
        });
        return compare;
    }

    private static Report Table(RunComparison comparison, bool all)
    {
        var report = new Report(["what", "name", .. comparison.Runs.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"run {i + 1}")), "best"]);
        Add("run", "id", comparison.Runs.Select(run => (object?)run.Id));
        Add("run", "name", comparison.Runs.Select(run => (object?)run.Name));
        Add("run", "state", comparison.Runs.Select(run => (object?)run.State));
        foreach (var metric in comparison.Metrics)
        {
            Add("metric", metric.Name, metric.Values.Select(value => (object?)value), metric.Best is { } best ? string.Create(CultureInfo.InvariantCulture, $"run {best + 1}") : null);
        }

        Values("param", comparison.Params);
        Values("data", comparison.Datasets);
        Values("code", comparison.Code);
        Values("environment", comparison.Environment);
        return report;

        void Values(string what, IReadOnlyList<ComparedValue> values)
        {
            foreach (var value in values.Where(value => all || value.Differs))
            {
                Add(what, value.Name, value.Values.Select(Cell));
            }
        }

        void Add(string what, string name, IEnumerable<object?> values, string? best = null) => report.Add([what, name, .. values, best]);
    }

    /// <summary>A digest is shortened in tables, which one in a text would not be.</summary>
    private static object? Cell(AttributeValue? value) => value switch
    {
        null => null,
        { IsNumber: true } number => number.Number,
        { Text: { } text } when Artifacts.Digest.TryParse(text, out var digest) => digest,
        _ => value.Value.Text,
    };
}
