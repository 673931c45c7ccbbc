using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Metadata;

/// <summary>Which way data flows over a link.</summary>
internal enum LineageFlow
{
    /// <summary>From the link's From to its To.</summary>
    Forward,

    /// <summary>From the link's To to its From.</summary>
    Backward,

    /// <summary>Not at all: the link only groups or remembers.</summary>
    None,
}

/// <summary>What lineage knows of a relation.</summary>
/// <param name="FromKind">The kind of the link's From.</param>
/// <param name="Relation">The relation; one that ends with a dot is a prefix.</param>
/// <param name="ToKind">The kind of the link's To, or null for any.</param>
/// <param name="Flow">Which way data flows.</param>
/// <param name="Words">What the upstream end is to the downstream end, for people; after a prefix the rest of the relation follows.</param>
internal sealed record LineageRelation(string FromKind, string Relation, string? ToKind, LineageFlow Flow, string Words)
{
    public bool IsPrefix => Relation.EndsWith('.');

    public bool Covers(Link link) =>
        link.From.Kind == FromKind && (ToKind is null || link.To.Kind == ToKind) && (IsPrefix ? link.Relation.StartsWith(Relation, StringComparison.Ordinal) : link.Relation == Relation);
}

/// <summary>Every relation that the SDK writes, with the direction of the flow: the one place that says so. A relation that is not here is not walked.</summary>
internal static class LineageRelations
{
    public static IReadOnlyList<LineageRelation> All { get; } =
    [
        new(TrackingEntities.RunKind, TrackingEntities.ToExperiment, TrackingEntities.ExperimentKind, LineageFlow.None, ""),
        new(TrackingEntities.RunKind, TrackingEntities.ToArtifact, ArtifactEntity.Kind, LineageFlow.Forward, "logged"),
        new(TrackingEntities.RunKind, TrackingEntities.InputPrefix, TrackingEntities.DatasetKind, LineageFlow.Backward, "data for "),

        // The attempts, and the runs below it, are what a run consists of, so whatever a run made was made of them.
        new(TrackingEntities.RunKind, TrackingEntities.ToParent, TrackingEntities.RunKind, LineageFlow.Forward, "part of"),
        new(PipelineSchema.Attempt, PipelineSchema.PartOf, PipelineSchema.Run, LineageFlow.Forward, "part of"),
        new(PipelineSchema.Attempt, PipelineSchema.Used, ArtifactEntity.Kind, LineageFlow.Backward, "used by"),
        new(PipelineSchema.Attempt, PipelineSchema.Produced, ArtifactEntity.Kind, LineageFlow.Forward, "produced"),
        new(PipelineSchema.Attempt, PipelineSchema.CachedFrom, PipelineSchema.Attempt, LineageFlow.Backward, "answered"),
        new(PipelineSchema.Run, PipelineSchema.Resumes, PipelineSchema.Run, LineageFlow.Backward, "resumed by"),

        new(RegistryEntities.VersionKind, RegistryEntities.ToPackage, ArtifactEntity.Kind, LineageFlow.Backward, "package of"),
        new(RegistryEntities.VersionKind, RegistryEntities.ToGateReport, ArtifactEntity.Kind, LineageFlow.Backward, "gate report of"),
        new(RegistryEntities.VersionKind, RegistryEntities.InputPrefix, TrackingEntities.DatasetKind, LineageFlow.Backward, "data for "),
        new(RegistryEntities.VersionKind, RegistryEntities.ToRun, null, LineageFlow.Backward, "made"),
        new(RegistryEntities.AliasKind, RegistryEntities.ToVersion, RegistryEntities.VersionKind, LineageFlow.Backward, "aliased as"),
        new(RegistryEntities.RegistrationKind, RegistryEntities.ToVersion, RegistryEntities.VersionKind, LineageFlow.None, ""),
    ];

    /// <summary>What is known of a link, or null.</summary>
    public static LineageRelation? Find(Link link) => All.FirstOrDefault(relation => relation.Covers(link));

    /// <summary>The link as the flow goes, or null when nothing flows.</summary>
    public static LineageEdge? Edge(Link link) => Find(link)?.Flow switch
    {
        LineageFlow.Forward => new(link.From, link.Relation, link.To),
        LineageFlow.Backward => new(link.To, link.Relation, link.From),
        _ => null,
    };

    /// <summary>What the upstream end of an edge is to the downstream end.</summary>
    public static string Words(LineageEdge edge)
    {
        if (edge.Relation == LineageEdge.SameContent)
        {
            return "content of";
        }

        var known = Find(new(edge.From, edge.Relation, edge.To)) is { Flow: LineageFlow.Forward } forward ? forward : Find(new(edge.To, edge.Relation, edge.From));
        return known is null ? edge.Relation : known.IsPrefix ? known.Words + edge.Relation[known.Relation.Length..] : known.Words;
    }

    /// <summary>The links to ask for from an entity of a kind: in which direction, and of which relation (null for all).</summary>
    public static IEnumerable<(LinkDirection Direction, string? Relation)> Steps(string kind, bool upstream)
    {
        var (outward, inward) = upstream ? (LineageFlow.Backward, LineageFlow.Forward) : (LineageFlow.Forward, LineageFlow.Backward);
        return Merge(LinkDirection.Out, All.Where(r => r.FromKind == kind && r.Flow == outward)).Concat(Merge(LinkDirection.In, All.Where(r => (r.ToKind ?? kind) == kind && r.Flow == inward)));

        static IEnumerable<(LinkDirection, string?)> Merge(LinkDirection direction, IEnumerable<LineageRelation> relations)
        {
            var list = relations.ToList();
            return list.Any(r => r.IsPrefix) ? [(direction, null)] : list.Select(r => (direction, (string?)r.Relation)).Distinct();
        }
    }
}
