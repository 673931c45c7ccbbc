using System.CommandLine;
using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary><c>mlops gc</c>: removes for good what was deleted long enough ago, and the bytes that nothing names.</summary>
internal static class GcCommand
{
    private const string Nothing = "There is nothing to remove.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static Command Create(Verb verb)
    {
        var defaults = new GarbageOptions();
        var delete = new Option<bool>("--delete") { Description = "Remove it; without this only what would go is shown." };
        var list = new Option<bool>("--list") { Description = "Name every record and object instead of counting them." };
        var retention = Time("--retention", "How long what was deleted can be restored.", defaults.Retention);
        var grace = Time("--grace", "Objects put more recently than this stay: longer than the longest run or step.", defaults.Grace);
        var workspaces = new Option<string[]>("--workspace") { Description = "Another workspace that shares the artifacts; may be repeated.", HelpName = "NAME" };
        var kinds = new Option<string[]>("--kind") { Description = "A kind of your own entities that name artifacts; may be repeated.", HelpName = "KIND" };
        var gc = new Command("gc", "Removes for good what was deleted long enough ago, and the bytes that nothing names. Safe beside hosts, and to interrupt.") { delete, list, retention, grace, workspaces, kinds };
        verb.Run(gc, async (parsed, cancellationToken) =>
        {
            var collecting = verb.Get<IGarbageCollector>().CollectAsync(
                new()
                {
                    DryRun = !parsed.GetValue(delete),
                    Retention = Parse(parsed.GetValue(retention)!, "--retention"),
                    Grace = Parse(parsed.GetValue(grace)!, "--grace"),
                    Workspaces = parsed.GetValue(workspaces) ?? [],
                    Kinds = parsed.GetValue(kinds) ?? [],
                },
                cancellationToken);
            if (await Task.WhenAny(collecting, Task.Delay(Patience, cancellationToken)).ConfigureAwait(false) != collecting)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("Looking for what nothing names…").ConfigureAwait(false);
            }

            var garbage = await collecting.ConfigureAwait(false);
            var report = parsed.GetValue(list) ? List(garbage) : Count(garbage);
            var notes = new List<string>();
            if (garbage.DryRun && (garbage.Rows.Count > 0 || garbage.Artifacts.Count > 0))
            {
                notes.Add("Nothing was removed; --delete does it.");
            }

            if (!garbage.Prunable)
            {
                notes.Add("This artifact store cannot remove bytes while others write, so it keeps them all.");
            }

            report.Note = notes.Count > 0 ? string.Join(" ", notes) : null;
            return report;
        });
        return gc;
    }

    private static Report List(GarbageReport garbage)
    {
        var report = new Report("kind", "id", "bytes") { Empty = Nothing };
        foreach (var row in garbage.Rows)
        {
            report.Add(row.Kind, row.Key, null);
        }

        foreach (var artifact in garbage.Artifacts)
        {
            report.Add("bytes", artifact.Digest.ToString(), artifact.Length);
        }

        return report;
    }

    private static Report Count(GarbageReport garbage)
    {
        var report = new Report("kind", garbage.DryRun ? "would go" : "removed", "bytes") { Empty = Nothing };
        foreach (var kind in garbage.Rows.GroupBy(row => row.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            report.Add(kind.Key, kind.Count(), null);
        }

        if (garbage.Artifacts.Count > 0)
        {
            report.Add("bytes", garbage.Artifacts.Count, garbage.Bytes);
        }

        return report;
    }

    private static Option<string> Time(string name, string description, TimeSpan preset) =>
        new(name) { Description = description, HelpName = "30d|12h", DefaultValueFactory = _ => string.Create(CultureInfo.InvariantCulture, $"{preset.TotalDays}d") };

    /// <summary>A whole number of days or hours.</summary>
    private static TimeSpan Parse(string text, string option)
    {
        if (text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 36_500)
        {
            switch (text[^1])
            {
                case 'd':
                    return TimeSpan.FromDays(number);
                case 'h':
                    return TimeSpan.FromHours(number);
            }
        }

        throw new ArgumentException($"{option} takes a number of days or hours, for example 30d or 12h; '{text}' is neither.");
    }
}
