using System.Globalization;
using System.Text;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Metadata;

/// <summary>Lineage as a picture.</summary>
public static class LineageMermaid
{
    /// <summary>The graph as a Mermaid flowchart, from left to right as data flows; equal graphs give equal text. Ellipses hang on the nodes in <see cref="LineageGraph.Open"/>.</summary>
    public static string ToMermaid(this LineageGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var names = graph.Nodes.Select((node, i) => (node.Id, Name: string.Create(CultureInfo.InvariantCulture, $"n{i}"))).ToDictionary(node => node.Id, node => node.Name);
        var text = new StringBuilder("flowchart LR\n");
        foreach (var node in graph.Nodes)
        {
            var (left, right) = Shape(node.Id.Kind);
            text.Append(CultureInfo.InvariantCulture, $"  {names[node.Id]}{left}\"{Escape(node.Id.Kind)}<br/>{Escape(node.Label)}{(node.State is null ? "" : $"<br/>{Escape(node.State)}")}{(node.IsDeleted ? "<br/>deleted" : "")}\"{right}\n");
        }

        foreach (var edge in graph.Edges)
        {
            var arrow = edge.Relation == LineageEdge.SameContent ? "-.-" : "-->";
            text.Append(CultureInfo.InvariantCulture, $"  {names[edge.From]} {arrow}|\"{Escape(LineageRelations.Words(edge))}\"| {names[edge.To]}\n");
        }

        foreach (var id in graph.Open)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {names[id]} -.- {names[id]}more((\"…\"))\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"  style {names[graph.Root]} stroke-width:4px\n").ToString();
    }

    private static (string Left, string Right) Shape(string kind) => kind switch
    {
        TrackingEntities.DatasetKind => ("[(", ")]"),
        ArtifactEntity.Kind => ("[/", "/]"),
        RegistryEntities.VersionKind => ("{{", "}}"),
        RegistryEntities.AliasKind => (">", "]"),
        _ => ("[", "]"),
    };

    /// <summary>Text that Mermaid neither ends the label at nor takes for markup.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '"' or '#' or '<' or '>' or '&' or '`' or '\\' or ';' || char.IsControl(c))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
            }
            else
            {
                escaped.Append(c);
            }
        }

        return escaped.ToString();
    }
}
