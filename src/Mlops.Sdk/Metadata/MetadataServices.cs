using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mlops.Sdk.Metadata;

internal static class MetadataServices
{
    public static IServiceCollection AddMetadata(this IServiceCollection services)
    {
        services.TryAddSingleton<ILineage, MetadataLineage>();
        services.TryAddSingleton<IGarbageCollector, GarbageCollector>();
        return services;
    }
}
