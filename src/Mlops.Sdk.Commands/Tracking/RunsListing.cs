using System.CommandLine;
using System.CommandLine.Parsing;
using Mlops.Sdk.Evaluation;

namespace Mlops.Sdk.Tracking;

/// <summary><c>mlops runs list</c> and <c>mlops runs search</c>.</summary>
internal static class RunsListing
{
    public static Command List(Verb verb)
    {
        var state = new Option<RunState?>("--state") { Description = "Only runs in this state.", HelpName = "running|finished|failed|canceled" };
        var parent = new Option<string?>("--parent") { Description = "Only runs directly below this one." };
        var abandoned = new Option<bool>("--abandoned") { Description = "Only runs whose process has probably died." };
        return Create(verb, "list", "Lists runs, newest first.", [state, parent, abandoned], parsed => new() { State = parsed.GetValue(state), Parent = parsed.GetValue(parent), Abandoned = parsed.GetValue(abandoned) });
    }

    public static Command Search(Verb verb)
    {
        var filter = new Argument<string>("filter") { Description = "For example \"metrics.auc > 0.8 and params.trainer = 'fasttree' order by metrics.auc desc\"." };
        return Create(verb, "search", "Finds runs by params, metrics, tags and more.", [filter], parsed => RunQuery.Parse(parsed.GetValue(filter)!));
    }

    private static Command Create(Verb verb, string name, string description, IEnumerable<Symbol> own, Func<ParseResult, RunQuery> read)
    {
        var experiment = new Option<string?>("--experiment") { Description = "Only runs of this experiment." };
        var best = new Option<string?>("--best-by") { Description = "Best first by this metric." };
        var minimize = new Option<bool>("--minimize") { Description = "With --best-by: less is better." };
        var deleted = new Option<bool>("--deleted") { Description = "Only deleted runs, which are left out otherwise." };
        var limit = new Option<int>("--limit") { Description = "At most this many.", DefaultValueFactory = _ => 20 };
        limit.Validators.Add(AtLeastOne);
        var command = new Command(name, description);
        foreach (var symbol in own.Concat([experiment, best, minimize, deleted, limit]))
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        verb.Run(command, (parsed, cancellationToken) =>
        {
            var query = read(parsed) with { Experiment = parsed.GetValue(experiment), BestBy = parsed.GetValue(best), Deleted = parsed.GetValue(deleted) };
            return ListAsync(verb.Get<IExperimentTracker>(), query with { Goal = parsed.GetValue(minimize) ? MetricGoal.Minimize : MetricGoal.Maximize }, parsed.GetValue(limit), cancellationToken);
        });
        return command;
    }

    private static async Task<Report> ListAsync(IExperimentTracker tracker, RunQuery query, int limit, CancellationToken cancellationToken)
    {
        var report = new Report("run", "experiment", "name", "state", "started", "duration s", "metrics", "params", "tags", "parent", "by")
        {
            Empty = "No runs match.",
            Droppable = ["tags", "parent", "params", "by", "started", "duration s", "experiment", "name"],
        };

        // One more is asked for, to know whether there are more.
        await foreach (var run in tracker.ListRunsAsync(query with { Limit = limit + 1 }, cancellationToken).ConfigureAwait(false))
        {
            if (report.Count == limit)
            {
                report.Note = FormattableString.Invariant($"There are more than these {limit}; --limit N shows more.");
                break;
            }

            var state = run.IsAbandoned ? "Abandoned" : run.State.ToString();
            report.Add(run.Id, run.Experiment, run.Name, state, run.Started, (run.Ended - run.Started)?.TotalSeconds, run.Metrics, run.Params.ToDictionary(param => param.Key, param => param.Value.ToString()), run.Tags, run.Parent, run.Actor);
        }

        return report;
    }

    private static void AtLeastOne(OptionResult result)
    {
        if (result.GetValueOrDefault<int>() is < 1 or > 1_000_000)
        {
            result.AddError("--limit takes a number from 1 to 1000000.");
        }
    }
}
