using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Metadata;

/// <summary>What a walk found.</summary>
/// <param name="Root">Where it started.</param>
/// <param name="Nodes">The start and all that was reached, each once, nearest first.</param>
/// <param name="Edges">The links between them, each once.</param>
/// <param name="Open">The nodes that were not, or not fully, looked beyond because a bound was reached; empty when the graph is complete. Start there to see more.</param>
public sealed record LineageGraph(EntityId Root, IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges, IReadOnlyList<EntityId> Open)
{
    /// <summary>Whether nothing was left out.</summary>
    public bool IsComplete => Open.Count == 0;

    /// <summary>The nodes of a kind, for example <c>dataset</c>, <c>run</c> or <c>model-version</c>.</summary>
    public IEnumerable<LineageNode> OfKind(string kind) => Nodes.Where(node => node.Id.Kind == kind);

    /// <summary>
    /// The data that everything here began with: data sets, and artifacts that a step or a run here read and none here wrote. Where an artifact is the content of a data set, the data set stands for both.
    /// </summary>
    public IEnumerable<LineageNode> Data()
    {
        var written = Edges.Where(edge => edge.Relation != LineageEdge.SameContent).Select(edge => edge.To).ToHashSet();
        var read = Edges.Where(edge => edge.Relation != LineageEdge.SameContent && edge.To.Kind != "model-version").Select(edge => edge.From).ToHashSet();
        var twins = Edges.Where(edge => edge.Relation == LineageEdge.SameContent).Select(edge => edge.From).ToHashSet();
        return Nodes.Where(node => node.Id.Kind == "dataset" || (node.Id.Kind == "artifact" && read.Contains(node.Id) && !written.Contains(node.Id) && !twins.Contains(node.Id)));
    }
}

/// <summary>An entity in a lineage graph.</summary>
/// <param name="Id">Its identity, with its kind.</param>
/// <param name="Label">A short name for people.</param>
/// <param name="Created">When it was created, by the store's clock.</param>
public sealed record LineageNode(EntityId Id, string Label, DateTimeOffset Created)
{
    /// <summary>How many links away from the start.</summary>
    public int Depth { get; init; }

    /// <summary>The digest of the content: of an artifact or a data set, and of a version's package; else null.</summary>
    public Digest? Digest { get; init; }

    /// <summary>For a run or a step: what it is a run of, that is the experiment, the pipeline or the step; else null.</summary>
    public string? Job { get; init; }

    /// <summary>For a run or a step: its state, for example <c>running</c>, <c>finished</c>, <c>cached</c> or <c>failed</c>; else null.</summary>
    public string? State { get; init; }

    /// <summary>For a run or a step that ended: when; else null.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Whether it was deleted and can still be restored. Lineage shows it all the same: what was made of it still is.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>A link in the direction in which data flows, which for some relations is not the direction in which they are stored.</summary>
/// <param name="From">The upstream end.</param>
/// <param name="Relation">The relation as stored, or <see cref="SameContent"/>.</param>
/// <param name="To">The downstream end.</param>
public sealed record LineageEdge(EntityId From, string Relation, EntityId To)
{
    /// <summary>Not a stored link: the artifact and the data set have the same digest.</summary>
    public const string SameContent = "same-content";
}
