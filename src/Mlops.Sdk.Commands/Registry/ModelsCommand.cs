using System.CommandLine;

namespace Mlops.Sdk.Registry;

/// <summary><c>mlops models list|show|versions|alias|approve</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create(Verb verb) => new("models", "Shows registered models, moves aliases and approves versions.")
    {
        List(verb),
        ModelsShow.Create(verb),
        Versions(verb),
        ModelsAlias.Create(verb),
        ModelsApprove.Create(verb),
    };

    private static Command List(Verb verb)
    {
        var list = new Command("list", "Lists every model with its newest version.");
        verb.Run(list, async (_, cancellationToken) =>
        {
            var registry = verb.Get<IModelRegistry>();
            var report = new Report("model", "versions", "newest", "owner", "description", "created") { Empty = "No models are registered.", Droppable = ["description", "owner", "created"] };
            await foreach (var model in registry.ListModelsAsync(cancellationToken).ConfigureAwait(false))
            {
                int count = 0, newest = 0;
                await foreach (var version in registry.ListVersionsAsync(model.Name, cancellationToken).ConfigureAwait(false))
                {
                    count++;
                    newest = Math.Max(newest, version.Version);
                }

                report.Add(model.Name, count, newest, model.Owner, model.Description, model.Created);
            }

            return report;
        });
        return list;
    }

    private static Command Versions(Verb verb)
    {
        var name = new Argument<string>("model") { Description = "The name of the model." };
        var versions = new Command("versions", "Lists the versions of a model, newest first.") { name };
        verb.Run(versions, async (parsed, cancellationToken) =>
        {
            var model = parsed.GetValue(name)!;
            var registry = verb.Get<IModelRegistry>();
            var aliases = await AliasesAsync(registry, model, cancellationToken).ConfigureAwait(false);
            var report = new Report("version", "aliases", "approval", "owner", "tags", "run", "created", "by")
            {
                Empty = $"All versions of {model} are deleted.",
                Droppable = ["tags", "owner", "by", "created", "run", "approval"],
            };
            await foreach (var version in registry.ListVersionsAsync(model, cancellationToken).ConfigureAwait(false))
            {
                report.Add(version.Version, aliases[version.Version].ToList(), version.Approval, version.Owner, version.Tags, version.Run?.Key, version.Created, version.Actor);
            }

            return report.Count > 0 || await registry.FindModelAsync(model, cancellationToken).ConfigureAwait(false) is not null ? report : throw Missing(model);
        });
        return versions;
    }

    public static async Task<ILookup<int, string>> AliasesAsync(IModelRegistry registry, string model, CancellationToken cancellationToken)
    {
        var aliases = new List<ModelAlias>();
        await foreach (var alias in registry.ListAliasesAsync(model, cancellationToken).ConfigureAwait(false))
        {
            aliases.Add(alias);
        }

        return aliases.ToLookup(alias => alias.Version, alias => alias.Alias);
    }

    public static NotFoundException Missing(string model) => new($"There is no model '{model}'. 'mlops models list' shows what exists.");
}
