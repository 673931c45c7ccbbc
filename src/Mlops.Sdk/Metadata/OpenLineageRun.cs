using System.Security.Cryptography;
using System.Text;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Metadata;

/// <summary>A run in the sense of OpenLineage: a tracked run, a pipeline run, a step attempt, or the registration of a version.</summary>
internal sealed record OpenLineageRun(LineageNode Node, string Job, string JobType, string? EndType, LineageNode? Parent, IReadOnlyList<LineageNode> Inputs, IReadOnlyList<LineageNode> Outputs)
{
    /// <summary>OpenLineage wants UUIDs. Keys that are none are hashed into one of version 8, so that the same run has the same id in every export.</summary>
    public static Guid Id(EntityId id)
    {
        if (Guid.TryParseExact(id.Key, "N", out var guid))
        {
            return guid;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{id.Workspace}\0{id.Kind}\0{id.Key}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash.AsSpan(0, 16), bigEndian: true);
    }

    /// <summary>The runs of a graph, in the order of its nodes.</summary>
    public static IEnumerable<OpenLineageRun> Read(LineageGraph graph) => new Reader(graph).Runs();

    private sealed class Reader(LineageGraph graph)
    {
        private readonly Dictionary<EntityId, LineageNode> nodes = graph.Nodes.ToDictionary(node => node.Id);
        private readonly ILookup<EntityId, LineageEdge> into = graph.Edges.Where(edge => edge.Relation != LineageEdge.SameContent).ToLookup(edge => edge.To);
        private readonly ILookup<EntityId, LineageEdge> outOf = graph.Edges.Where(edge => edge.Relation != LineageEdge.SameContent).ToLookup(edge => edge.From);

        public IEnumerable<OpenLineageRun> Runs()
        {
            foreach (var node in graph.Nodes)
            {
                var parent = outOf[node.Id].Where(edge => edge.Relation is PipelineSchema.PartOf or TrackingEntities.ToParent).Select(edge => nodes[edge.To]).FirstOrDefault();
                if (node.Id.Kind == RegistryEntities.VersionKind)
                {
                    yield return new(node, $"register.{RegistryEntities.Split(node.Id).Model}", "REGISTRATION", "COMPLETE", null, [.. Content(into[node.Id].Select(edge => edge.From))], [node]);
                }
                else if (node.Job is { } job)
                {
                    var (type, name) = node.Id.Kind switch
                    {
                        PipelineSchema.Run => ("PIPELINE", job),
                        PipelineSchema.Attempt => ("STEP", parent?.Job is { } pipeline ? $"{pipeline}.{job}" : job),
                        _ => ("RUN", job),
                    };
                    yield return new(node, name, type, EndType(node.State), parent, [.. Content(Inputs(node).Select(n => n.Id))], [.. Content(Outputs(node).Select(n => n.Id))]);
                }
            }
        }

        private IEnumerable<LineageNode> Inputs(LineageNode node)
        {
            var parts = Parts(node);
            return parts.Count == 0
                ? Origins(node).SelectMany(origin => into[origin.Id]).Select(edge => nodes[edge.From])
                : parts.SelectMany(Inputs).Except(parts.SelectMany(Outputs));
        }

        private IEnumerable<LineageNode> Outputs(LineageNode node) =>
            Parts(node).SelectMany(Outputs).Concat(Origins(node).SelectMany(origin => outOf[origin.Id]).Select(edge => nodes[edge.To]));

        /// <summary>The attempts that a pipeline run consists of.</summary>
        private List<LineageNode> Parts(LineageNode node) => node.Id.Kind == PipelineSchema.Run
            ? [.. into[node.Id].Where(edge => edge.Relation == PipelineSchema.PartOf).Select(edge => nodes[edge.From])]
            : [];

        /// <summary>Itself, and the attempt that answered it: the one that read and wrote.</summary>
        private IEnumerable<LineageNode> Origins(LineageNode node) =>
            into[node.Id].Where(edge => edge.Relation == PipelineSchema.CachedFrom).Select(edge => nodes[edge.From]).Prepend(node);

        /// <summary>What OpenLineage calls data sets. Artifact and data set of one digest are the same one there too.</summary>
        private IEnumerable<LineageNode> Content(IEnumerable<EntityId> ids) =>
            ids.Where(id => id.Kind is ArtifactEntity.Kind or TrackingEntities.DatasetKind or RegistryEntities.VersionKind)
                .DistinctBy(id => id.Kind == RegistryEntities.VersionKind ? id.ToString() : id.Key)
                .Select(id => nodes.GetValueOrDefault(id with { Kind = id.Kind == ArtifactEntity.Kind ? TrackingEntities.DatasetKind : id.Kind }) ?? nodes[id]);

        private static string? EndType(string? state) => state switch
        {
            null or PipelineStates.Running => null,
            PipelineStates.Finished or PipelineStates.Cached => "COMPLETE",
            PipelineStates.Failed => "FAIL",
            PipelineStates.Canceled or PipelineStates.Interrupted => "ABORT",
            _ => "OTHER",
        };
    }
}
