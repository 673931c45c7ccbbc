using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>Looks whether a store is sound, in one snapshot beside writers.</summary>
internal static class StoreCheck
{
    public static async Task<Report> RunAsync(StoreDatabase database, Progress progress, CancellationToken cancellationToken)
    {
        var store = database.Store(StoreMigration.Never);
        await using var _ = (IAsyncDisposable)store;
        var info = await store.OpenAsync(cancellationToken);
        await database.OpenAsync(cancellationToken);
        await database.SnapshotAsync(cancellationToken);
        var head = (await database.HeadAsync(cancellationToken))!;
        var report = new Report("check", "state", "detail");
        report.Add("the store opens", "ok", FormattableString.Invariant($"{info.System}, schema {head.Version}, position {head.Position}"));
        if (store is SqliteMetadataStore sqlite)
        {
            // PostgreSQL has no such check in SQL; there damage shows when rows are read, which the rules below do.
            var findings = await sqlite.CheckAsync(cancellationToken);
            Add(report, "the file is intact", findings.Count == 0, string.Join("; ", findings));
        }

        var done = 0;
        foreach (var (rule, query) in StoreInvariants.All(database))
        {
            var broken = await database.ScalarAsync(query, cancellationToken);
            Add(report, rule, broken == 0, broken == 0 ? "" : FormattableString.Invariant($"{broken} break it"));
            progress.Report("Checks done", ++done);
        }

        var late = new List<string>();
        foreach (var (counter, value, query) in Counters(database, head))
        {
            if (await database.ScalarAsync(query, cancellationToken) > value)
            {
                late.Add(counter);
            }
        }

        Add(report, "the counters are not behind the rows", late.Count == 0, late.Count == 0 ? "" : $"behind: {string.Join(", ", late)}");
        report.Note = report.ExitCode == 0 ? null : $"{database.Address} is not sound. Keep it for analysis, and restore a backup or copy what can be read.";
        return report;
    }

    private static IEnumerable<(string Counter, long Value, string Query)> Counters(StoreDatabase database, StoreHead head)
    {
        var committed = database.Column(StoreTable.All.Single(table => table.Name == "event").Columns[1]);
        yield return ("position", head.Position, $"select coalesce(max(position), 0) from {database.Table("event")}");
        yield return ("position", head.Position, $"select coalesce(max(position), 0) from {database.Table("changeset")}");
        yield return ("time", head.Committed, $"select coalesce(max({committed}), 0) from {database.Table("event")}");
        yield return ("time", head.Committed, $"select coalesce(max(modified), 0) from {database.Table("entity")}");
        yield return ("entities", head.Entities, $"select coalesce(max(seq), 0) from {database.Table("entity")}");
        yield return ("names", head.Names, $"select coalesce(max(id), 0) from {database.Table("name")}");
        yield return ("names", head.Names, $"select coalesce(max(id), 0) from {database.Table("kind")}");
    }

    private static void Add(Report report, string rule, bool holds, string detail)
    {
        report.Add(rule, holds ? "ok" : "fail", detail);
        report.ExitCode = holds ? report.ExitCode : 2;
    }
}
