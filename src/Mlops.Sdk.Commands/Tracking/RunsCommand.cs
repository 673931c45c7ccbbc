using System.CommandLine;

namespace Mlops.Sdk.Tracking;

/// <summary><c>mlops runs list|search|show|compare|delete|restore</c>.</summary>
internal static class RunsCommand
{
    public static Command Create(Verb verb) => new("runs", "Shows tracked runs, finds and compares them, deletes them and brings them back.")
    {
        RunsListing.List(verb),
        RunsListing.Search(verb),
        RunsShow.Create(verb),
        RunsCompare.Create(verb),
        Change(verb, "delete", "Hides runs and those below them from listings; 'mlops runs restore' brings them back.", "deleted", (tracker, id, token) => tracker.DeleteRunAsync(id, token)),
        Change(verb, "restore", "Brings deleted runs back, with those below that were deleted together with them.", "restored", (tracker, id, token) => tracker.RestoreRunAsync(id, token)),
    };

    private static Command Change(Verb verb, string name, string description, string done, Func<IExperimentTracker, string, CancellationToken, Task> change)
    {
        var ids = new Argument<string[]>("run") { Description = "The ids of the runs.", Arity = ArgumentArity.OneOrMore };
        var command = new Command(name, description) { ids };
        verb.Run(command, async (parsed, cancellationToken) =>
        {
            var tracker = verb.Get<IExperimentTracker>();

            // All are looked up first, so that a slip of the keyboard does not leave half of the work done.
            foreach (var id in parsed.GetValue(ids)!)
            {
                await GetAsync(tracker, id, cancellationToken).ConfigureAwait(false);
            }

            var report = new Report("run", "state");
            foreach (var id in parsed.GetValue(ids)!)
            {
                await change(tracker, id, cancellationToken).ConfigureAwait(false);
                report.Add(id, done);
            }

            return report;
        });
        return command;
    }

    public static async Task<TrackedRun> GetAsync(IExperimentTracker tracker, string id, CancellationToken cancellationToken) =>
        await tracker.FindRunAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new NotFoundException($"There is no run '{id}'. 'mlops runs list' shows what exists.");
}
