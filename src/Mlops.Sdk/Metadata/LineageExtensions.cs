using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Metadata;

/// <summary>The questions that people ask, in their words.</summary>
public static class LineageExtensions
{
    /// <summary>Which data made this version? Its runs, steps, artifacts and data sets; <see cref="LineageGraph.Data"/> of the answer is the data itself.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    public static Task<LineageGraph> WhatMadeVersionAsync(this ILineage lineage, string model, int version, LineageBounds? bounds = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lineage);
        RegistryNames.Check(model, nameof(model));
        return lineage.UpstreamAsync(RegistryEntities.VersionId(lineage.Workspace, model, version), bounds, cancellationToken);
    }

    /// <summary>What used this data set? The runs and steps that read it, and the versions and aliases that came of them.</summary>
    /// <exception cref="NotFoundException">No run or step named a data set or an artifact of this digest.</exception>
    public static Task<LineageGraph> WhatUsedDatasetAsync(this ILineage lineage, Digest dataset, LineageBounds? bounds = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lineage);
        return lineage.DownstreamAsync(new(TrackingEntities.DatasetKind, dataset.ToString(), lineage.Workspace), bounds, cancellationToken);
    }

    /// <summary>What is downstream of this artifact? Everything that was made of it.</summary>
    /// <exception cref="NotFoundException">No run, step or version named an artifact of this digest.</exception>
    public static Task<LineageGraph> WhatCameOfArtifactAsync(this ILineage lineage, Digest artifact, LineageBounds? bounds = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lineage);
        return lineage.DownstreamAsync(ArtifactEntity.Id(artifact, lineage.Workspace), bounds, cancellationToken);
    }
}
