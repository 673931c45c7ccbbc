using System.CommandLine;

namespace Mlops.Sdk.Tracking;

/// <summary><c>mlops runs show</c>.</summary>
internal static class RunsShow
{
    public static Command Create(Verb verb)
    {
        var id = new Argument<string>("run") { Description = "The id of the run." };
        var show = new Command("show", "Shows everything that is known about one run.") { id };
        verb.Run(show, async (parsed, cancellationToken) =>
        {
            var run = await RunsCommand.GetAsync(verb.Get<IExperimentTracker>(), parsed.GetValue(id)!, cancellationToken).ConfigureAwait(false);
            var report = new Report("what", "name", "value");
            Facts(report, run);
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

    private static void Facts(Report report, TrackedRun run)
    {
        report.Add("run", "experiment", run.Experiment);
        report.Add("run", "name", run.Name);
        report.Add("run", "state", run.Reason is null ? run.State.ToString() : $"{run.State}: {run.Reason}");
        if (run.IsAbandoned)
        {
            report.Add("run", "abandoned", "its process has probably died");
        }

        if (run.Parent is { } parent)
        {
            report.Add("run", "parent", parent);
        }

        report.Add("run", "by", run.Actor);
        report.Add("run", "started", run.Started);
        report.Add("run", "ended", run.Ended);
        report.Add("run", "last seen", run.LastSeen);
        if (run.Deleted is { } deleted)
        {
            report.Add("run", "deleted", deleted);
        }

        if (run.DroppedPoints > 0)
        {
            report.Add("run", "points dropped", run.DroppedPoints);
        }
    }

    private static void Add<T>(Report report, string what, IReadOnlyDictionary<string, T> values)
    {
        foreach (var (name, value) in values.OrderBy(value => value.Key, StringComparer.Ordinal))
        {
            report.Add(what, name, value);
        }
    }
}
