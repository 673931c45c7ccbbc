using System.CommandLine;
using System.Globalization;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Metadata;

/// <summary><c>mlops lineage</c>: where something comes from, and what came of it.</summary>
internal static class LineageCommand
{
    private enum Picture
    {
        None,
        Mermaid,
        OpenLineage,
    }

    public static Command Create(Verb verb)
    {
        var kind = new Argument<string>("kind") { Description = "model, run, dataset, artifact, pipeline-run, or another kind." };
        var key = new Argument<string>("key") { Description = "MODEL/VERSION or MODEL@ALIAS of a model, the digest of a data set or artifact, else the id." };
        var down = new Option<bool>("--down") { Description = "What came of it, instead of where it comes from." };
        var depth = new Option<int>("--depth") { Description = "At most this many links away.", DefaultValueFactory = _ => new LineageBounds().MaxDepth };
        depth.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--depth takes a number of at least 1.");
            }
        });
        var picture = new Option<Picture>("--as") { Description = "Print a Mermaid flowchart, or OpenLineage events, one a line, instead of a table.", HelpName = "mermaid|openlineage" };
        var lineage = new Command("lineage", "Shows where something comes from, and what came of it.") { kind, key, down, depth, picture };
        verb.Run(lineage, async (parsed, cancellationToken) =>
        {
            var id = await FindAsync(verb, parsed.GetValue(kind)!, parsed.GetValue(key)!, cancellationToken).ConfigureAwait(false);
            var bounds = new LineageBounds { MaxDepth = parsed.GetValue(depth) };
            var walk = verb.Get<ILineage>();
            var graph = parsed.GetValue(down)
                ? await walk.DownstreamAsync(id, bounds, cancellationToken).ConfigureAwait(false)
                : await walk.UpstreamAsync(id, bounds, cancellationToken).ConfigureAwait(false);
            var report = Table(graph);
            report.Text = parsed.GetValue(picture) switch
            {
                Picture.Mermaid => graph.ToMermaid(),
                Picture.OpenLineage => string.Concat(graph.ToOpenLineage().Select(line => line + "\n")),
                _ => null,
            };
            report.Note = graph.IsComplete ? null : $"The graph goes on from {graph.Open.Count.ToString(CultureInfo.InvariantCulture)} of these; raise --depth, or ask for the lineage of one of them.";
            return report;
        });
        return lineage;
    }

    private static async Task<EntityId> FindAsync(Verb verb, string kind, string key, CancellationToken cancellationToken)
    {
        var workspace = verb.Get<ILineage>().Workspace;
        switch (kind)
        {
            case "model" or "model-version" when key.Split('@') is [var model, var alias]:
                var version = await verb.Get<IModelRegistry>().GetVersionByAliasAsync(model, alias, cancellationToken).ConfigureAwait(false);
                return new("model-version", string.Create(CultureInfo.InvariantCulture, $"{model}/{version.Version}"), workspace);
            case "model" when !key.Contains('/', StringComparison.Ordinal):
                throw new ArgumentException($"Which version of '{key}'? Write {key}/1 or {key}@champion; 'mlops models show {key}' shows what exists.");
            case "model":
                return new("model-version", key, workspace);
            case "dataset" or "artifact" when Digest.TryParse(key, out var digest) || Digest.TryParse("sha256:" + key, out digest):
                return new(kind, digest.ToString(), workspace);
            case "dataset" or "artifact":
                throw new ArgumentException($"'{key}' is not a digest. Write sha256: and 64 hexadecimal digits; 'mlops runs show RUN --format json' prints them in full.");
            default:
                return new(kind, key, workspace);
        }
    }

    private static Report Table(LineageGraph graph)
    {
        var words = graph.Edges.ToLookup(edge => edge.From);
        var report = new Report("links away", "kind", "what", "state", "leads to", "created", "id") { Droppable = ["created", "state", "leads to"] };
        var labels = graph.Nodes.ToDictionary(node => node.Id, node => $"{node.Id.Kind} {node.Label}");
        foreach (var node in graph.Nodes)
        {
            var state = node.IsDeleted ? "deleted" : node.State;
            report.Add(node.Depth, node.Id.Kind, node.Label, state, words[node.Id].Select(edge => $"{edge.Relation} {labels.GetValueOrDefault(edge.To)}").ToList(), node.Created, node.Id.Kind is "dataset" or "artifact" && node.Digest is { } digest ? digest : node.Id.Key);
        }

        return report;
    }
}
