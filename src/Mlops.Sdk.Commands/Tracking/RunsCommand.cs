using System.CommandLine;
using System.Globalization;

namespace Mlops.Sdk.Tracking;

/// <summary><c>mlops runs list|show</c>.</summary>
internal static class RunsCommand
{
    public static Command Create(Verb verb) => new("runs", "Shows tracked runs.") { List(verb), Show(verb) };

    private static Command List(Verb verb)
    {
        var experiment = new Option<string?>("--experiment") { Description = "Only runs of this experiment." };
        var limit = new Option<int>("--limit") { Description = "At most this many.", DefaultValueFactory = _ => 20 };
        var list = new Command("list", "Lists runs, newest first.") { experiment, limit };
        verb.Run(list, async (parsed, cancellationToken) =>
        {
            var report = new Report("run", "experiment", "name", "state", "started", "duration s", "metrics", "by") { Empty = "No runs are tracked." };
            var left = parsed.GetValue(limit);
            var query = new RunQuery { Experiment = parsed.GetValue(experiment) };
            await foreach (var run in verb.Get<IExperimentTracker>().ListRunsAsync(query, cancellationToken).ConfigureAwait(false))
            {
                if (left-- <= 0)
                {
                    break;
                }

                report.Add(run.Id, run.Experiment, run.Name, run.State, run.Started, (run.Ended - run.Started)?.TotalSeconds, Metrics(run), run.Actor);
            }

            return report;
        });
        return list;
    }

    private static Command Show(Verb verb)
    {
        var id = new Argument<string>("run") { Description = "The id of the run." };
        var show = new Command("show", "Shows everything that is known about one run.") { id };
        verb.Run(show, async (parsed, cancellationToken) =>
        {
            var run = await verb.Get<IExperimentTracker>().FindRunAsync(parsed.GetValue(id)!, cancellationToken).ConfigureAwait(false)
                ?? throw new NotFoundException($"There is no run '{parsed.GetValue(id)}'. 'mlops runs list' shows what exists.");
            var report = new Report("what", "name", "value");
            report.Add("run", "experiment", run.Experiment);
            report.Add("run", "name", run.Name);
            report.Add("run", "state", run.Reason is null ? run.State.ToString() : $"{run.State}: {run.Reason}");
            report.Add("run", "by", run.Actor);
            report.Add("run", "started", run.Started);
            report.Add("run", "ended", run.Ended);
            Add(report, "param", run.Params);
            Add(report, "metric", run.Metrics);
            Add(report, "tag", run.Tags);
            Add(report, "artifact", run.Artifacts.ToDictionary(artifact => artifact.Key, artifact => artifact.Value.Digest));
            foreach (var input in run.Inputs)
            {
                report.Add($"{input.Role} data".ToLowerInvariant(), input.Name, input.Digest);
            }

            if (run.Code is { } code)
            {
                report.Add("code", "commit", code.Dirty ? $"{code.Commit}, with uncommitted changes" : code.Commit);
            }

            report.Add("environment", "system", $"{run.Environment.OperatingSystem}, {run.Environment.Architecture}");
            report.Add("environment", "runtime", $"{run.Environment.Runtime}, {run.Environment.Cores} cores");
            return report;
        });
        return show;
    }

    private static void Add<T>(Report report, string what, IReadOnlyDictionary<string, T> values)
    {
        foreach (var (name, value) in values.OrderBy(value => value.Key, StringComparer.Ordinal))
        {
            report.Add(what, name, value);
        }
    }

    private static string Metrics(TrackedRun run) =>
        string.Join(", ", run.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal).Select(metric => $"{metric.Key}={Report.Number(metric.Value, 4)}"));
}
