using Mlops.Sdk;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Opens the stores where no host is started: in scripts, tools and tests.</summary>
public static class MlopsServiceProviderExtensions
{
    /// <summary>Checks that the stores are registered and opens them, as host start does. Idempotent.</summary>
    /// <exception cref="MlopsException">A store is missing or does not open; the message names the remedy.</exception>
    public static Task OpenMlopsAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.GetRequiredService<StoreStartup>().StartingAsync(cancellationToken);
    }
}
