using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps everything in memory.</summary>
public static class InMemoryMlopsBuilderExtensions
{
    /// <summary>Keeps metadata and artifacts in the memory of this process, for tests and trials: both are lost when the process ends.</summary>
    public static MlopsBuilder UseInMemory(this MlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .UseMetadataStore(services => new InMemoryMetadataStore(services.GetRequiredService<TimeProvider>()))
            .UseArtifactStore(services => new InMemoryArtifactStore(services.GetRequiredService<TimeProvider>()));
    }
}
