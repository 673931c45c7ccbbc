using Microsoft.Extensions.Options;

namespace Mlops.Sdk.Metadata;

/// <summary>Lineage over the links of the metadata store.</summary>
internal sealed class MetadataLineage(IMetadataStore store, IOptions<MlopsOptions> options) : ILineage
{
    public string Workspace => options.Value.Workspace;

    public Task<LineageGraph> UpstreamAsync(EntityId id, LineageBounds? bounds = null, CancellationToken cancellationToken = default) => WalkAsync(id, upstream: true, bounds ?? new(), cancellationToken);

    public Task<LineageGraph> DownstreamAsync(EntityId id, LineageBounds? bounds = null, CancellationToken cancellationToken = default) => WalkAsync(id, upstream: false, bounds ?? new(), cancellationToken);

    private async Task<LineageGraph> WalkAsync(EntityId id, bool upstream, LineageBounds bounds, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id.Kind, nameof(id));
        ArgumentException.ThrowIfNullOrEmpty(id.Key, nameof(id));
        ArgumentOutOfRangeException.ThrowIfLessThan(bounds.MaxDepth, 1, nameof(bounds));
        ArgumentOutOfRangeException.ThrowIfLessThan(bounds.MaxNodes, 1, nameof(bounds));
        return await new LineageWalk(store, upstream, bounds).RunAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new NotFoundException($"There is no {id} in the metadata store, so it has no lineage. Check the name, and that this host uses the store and the workspace that it was written to.");
    }
}
