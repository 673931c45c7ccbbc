using System.CommandLine;

namespace Mlops.Sdk.Registry;

/// <summary><c>mlops models show</c>.</summary>
internal static class ModelsShow
{
    public static Command Create(Verb verb)
    {
        var name = new Argument<string>("model") { Description = "The name of the model." };
        var number = new Argument<int?>("version") { Description = "A version, to see everything about it.", Arity = ArgumentArity.ZeroOrOne };
        var show = new Command("show", "Lists the versions of a model, newest first, with what happened to each; or shows everything about one.") { name, number };
        verb.Run(show, (parsed, cancellationToken) => parsed.GetValue(number) is { } version
            ? OneAsync(verb.Get<IModelRegistry>(), parsed.GetValue(name)!, version, cancellationToken)
            : AllAsync(verb.Get<IModelRegistry>(), parsed.GetValue(name)!, cancellationToken));
        return show;
    }

    private static async Task<Report> AllAsync(IModelRegistry registry, string model, CancellationToken cancellationToken)
    {
        var history = new Dictionary<int, List<string>>();
        await foreach (var e in registry.ListEventsAsync(model, cancellationToken).ConfigureAwait(false))
        {
            if ((e.Version ?? e.Previous) is { } concerned)
            {
                (history.TryGetValue(concerned, out var events) ? events : history[concerned] = []).Add(Words(e));
            }
        }

        var aliases = await ModelsCommand.AliasesAsync(registry, model, cancellationToken).ConfigureAwait(false);
        var report = new Report("version", "alias now", "approval", "model digest", "package", "gate report", "created", "by", "tags", "events")
        {
            Empty = $"All versions of {model} are deleted.",
            Droppable = ["gate report", "package", "tags", "model digest", "by", "created", "approval"],
        };
        await foreach (var version in registry.ListVersionsAsync(model, cancellationToken).ConfigureAwait(false))
        {
            report.Add(
                version.Version,
                aliases[version.Version].ToList(),
                version.Approval,
                version.ModelDigest,
                version.Package,
                version.GateReport,
                version.Created,
                version.Actor,
                version.Tags.Select(tag => $"{tag.Key}={tag.Value}").ToList(),
                history.GetValueOrDefault(version.Version) ?? []);
        }

        return report.Count > 0 || await registry.FindModelAsync(model, cancellationToken).ConfigureAwait(false) is not null ? report : throw ModelsCommand.Missing(model);
    }

    private static async Task<Report> OneAsync(IModelRegistry registry, string model, int number, CancellationToken cancellationToken)
    {
        var version = await registry.GetVersionAsync(model, number, cancellationToken).ConfigureAwait(false);
        var aliases = await ModelsCommand.AliasesAsync(registry, model, cancellationToken).ConfigureAwait(false);
        var report = new Report("what", "name", "value");
        report.Add("version", "created", version.Created);
        report.Add("version", "by", version.Actor);
        report.Add("version", "runtime", version.Runtime);
        report.Add("version", "package", version.Package);
        report.Add("version", "model digest", version.ModelDigest);
        report.Add("version", "gate report", version.GateReport);
        report.Add("version", "run", version.Run?.Key);
        report.Add("version", "commit", version.Commit);
        report.Add("version", "description", version.Description);
        report.Add("version", "owner", version.Owner);
        foreach (var alias in aliases[number])
        {
            report.Add("alias", alias, "points here");
        }

        foreach (var (tag, value) in version.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            report.Add("tag", tag, value);
        }

        foreach (var data in version.Datasets)
        {
            report.Add("data", data.Role, data.Digest);
        }

        if (await registry.FindApprovalAsync(model, number, cancellationToken).ConfigureAwait(false) is { } approval)
        {
            ModelsApprove.Add(report, approval);
        }

        await foreach (var e in registry.ListEventsAsync(model, cancellationToken).ConfigureAwait(false))
        {
            if (e.Version == number || e.Previous == number)
            {
                report.Add("event", $"{Report.Cell(e.At)} {e.Actor}", Words(e));
            }
        }

        return report;
    }

    public static string Words(ModelEvent e)
    {
        var what = e.Alias is null ? e.Type : $"{e.Type} {e.Alias}";
        return e.Why is null ? what : $"{what} ({e.Why})";
    }
}
