using System.CommandLine;

namespace Mlops.Sdk.Registry;

/// <summary><c>mlops models alias</c>: shows where an alias points and pointed, moves it, removes it.</summary>
internal static class ModelsAlias
{
    public static Command Create(Verb verb)
    {
        var model = new Argument<string>("model") { Description = "The name of the model." };
        var name = new Argument<string>("alias") { Description = "For example champion." };
        var version = new Argument<int?>("version") { Description = "The version to point at; without it the history of the alias is shown.", Arity = ArgumentArity.ZeroOrOne };
        var expected = new Option<int?>("--expected") { Description = "Move only if the alias points at this version now; 0: at none." };
        var remove = new Option<bool>("--remove") { Description = "Let the alias point nowhere." };
        var why = new Option<string?>("--why") { Description = "The reason, for those who read the history." };
        var alias = new Command("alias", "Shows the history of an alias, points it at a version, or removes it.") { model, name, version, expected, remove, why };
        verb.Run(alias, async (parsed, cancellationToken) =>
        {
            var registry = verb.Get<IModelRegistry>();
            var (of, called, to) = (parsed.GetValue(model)!, parsed.GetValue(name)!, parsed.GetValue(version));
            if (parsed.GetValue(remove) && to is not null)
            {
                throw new ArgumentException("--remove and a version exclude each other. Leave one of them out.");
            }

            if (to is null && !parsed.GetValue(remove))
            {
                return parsed.GetValue(why) is null && parsed.GetValue(expected) is null
                    ? await HistoryAsync(registry, of, called, cancellationToken).ConfigureAwait(false)
                    : throw new ArgumentException($"Where to? Name a version behind the alias, or --remove; 'mlops models versions {of}' shows what exists.");
            }

            var now = await registry.FindAliasAsync(of, called, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(expected) is { } wanted && wanted != (now?.Version ?? 0))
            {
                throw new ConflictException($"The alias '{called}' of '{of}' points at {(now is null ? "no version" : $"version {now.Version}")}, not at {wanted}, so nothing was changed. Look at its history ('mlops models alias {of} {called}') and decide anew.");
            }

            var report = new Report("model", "alias", "version", "before");
            if (to is { } target)
            {
                var moved = await registry.MoveAliasAsync(of, called, target, now, parsed.GetValue(why), cancellationToken).ConfigureAwait(false);
                report.Add(of, called, moved.Version, now?.Version);
            }
            else if (now is not null)
            {
                await registry.RemoveAliasAsync(now, parsed.GetValue(why), cancellationToken).ConfigureAwait(false);
                report.Add(of, called, null, now.Version);
            }
            else
            {
                throw new NotFoundException($"The alias '{called}' of '{of}' points nowhere, so there is nothing to remove. 'mlops models versions {of}' shows the aliases.");
            }

            return report;
        });
        return alias;
    }

    private static async Task<Report> HistoryAsync(IModelRegistry registry, string model, string alias, CancellationToken cancellationToken)
    {
        var report = new Report("at", "version", "before", "by", "why");
        await foreach (var e in registry.ListAliasHistoryAsync(model, alias, cancellationToken).ConfigureAwait(false))
        {
            report.Add(e.At, e.Version, e.Previous, e.Actor, e.Why);
        }

        return report.Count > 0 ? report : throw new NotFoundException($"The model '{model}' never had an alias '{alias}'. 'mlops models versions {model}' shows the aliases.");
    }
}
