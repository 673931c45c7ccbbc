using System.CommandLine;

namespace Mlops.Sdk.Registry;

/// <summary><c>mlops models list|show</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create(Verb verb)
    {
        var list = new Command("list", "Lists every model with its newest version.");
        verb.Run(list, async (_, cancellationToken) =>
        {
            var registry = verb.Get<IModelRegistry>();
            var report = new Report("model", "versions", "newest", "created") { Empty = "No models are registered." };
            await foreach (var model in registry.ListModelsAsync(cancellationToken).ConfigureAwait(false))
            {
                int count = 0, newest = 0;
                await foreach (var version in registry.ListVersionsAsync(model.Name, cancellationToken).ConfigureAwait(false))
                {
                    count++;
                    newest = Math.Max(newest, version.Version);
                }

                report.Add(model.Name, count, newest, model.Created);
            }

            return report;
        });

        var name = new Argument<string>("model") { Description = "The name of the model." };
        var show = new Command("show", "Lists the versions of a model, newest first, with what happened to each.") { name };
        verb.Run(show, async (parsed, cancellationToken) =>
        {
            var model = parsed.GetValue(name)!;
            var registry = verb.Get<IModelRegistry>();
            var history = new Dictionary<int, List<string>>();
            await foreach (var e in registry.ListEventsAsync(model, cancellationToken).ConfigureAwait(false))
            {
                var what = e.Alias is null ? e.Type : $"{e.Type} {e.Alias}";
                if ((e.Version ?? e.Previous) is { } concerned)
                {
                    (history.TryGetValue(concerned, out var events) ? events : history[concerned] = []).Add(e.Why is null ? what : $"{what} ({e.Why})");
                }
            }

            var aliases = new List<ModelAlias>();
            await foreach (var alias in registry.ListAliasesAsync(model, cancellationToken).ConfigureAwait(false))
            {
                aliases.Add(alias);
            }

            var report = new Report("version", "alias now", "model digest", "package", "gate report", "created", "by", "tags", "events");
            await foreach (var version in registry.ListVersionsAsync(model, cancellationToken).ConfigureAwait(false))
            {
                report.Add(
                    version.Version,
                    aliases.Where(alias => alias.Version == version.Version).Select(alias => alias.Alias).ToList(),
                    version.ModelDigest,
                    version.Package,
                    version.GateReport,
                    version.Created,
                    version.Actor,
                    version.Tags.Select(tag => $"{tag.Key}={tag.Value}").ToList(),
                    history.GetValueOrDefault(version.Version) ?? []);
            }

            return report.Count > 0 ? report : throw new NotFoundException($"There is no model '{model}'. 'mlops models list' shows what exists.");
        });

        return new Command("models", "Shows registered models.") { list, show };
    }
}
