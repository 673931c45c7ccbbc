using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mlops.Sdk.Metadata;

internal static class LineageServices
{
    public static IServiceCollection AddLineage(this IServiceCollection services)
    {
        services.TryAddSingleton<ILineage, MetadataLineage>();
        return services;
    }
}
