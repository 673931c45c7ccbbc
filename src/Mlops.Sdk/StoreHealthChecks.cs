using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk;

/// <summary>Whether the metadata store answers.</summary>
internal sealed class MetadataHealthCheck(IMetadataStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var info = await store.OpenAsync(cancellationToken).ConfigureAwait(false);
            await store.FindAsync([new EntityId("health", "probe")], EntityParts.None, cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy($"{info.System}, schema {info.SchemaVersion}");
        }
        catch (MlopsException e)
        {
            return new(context.Registration.FailureStatus, e.Message, e);
        }
    }
}

/// <summary>Whether the artifact store can be written and read.</summary>
internal sealed class ArtifactHealthCheck(IArtifactStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.OpenAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (MlopsException e)
        {
            return new(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
