using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Sdk;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Mlops.Sdk to a host.</summary>
public static class MlopsServiceCollectionExtensions
{
    /// <summary>
    /// Adds every capability, but no store: call <c>UseSqlite</c>, <c>UsePostgreSql</c> or <c>UseInMemory</c> on the result, or the host fails at start. Idempotent: libraries may call it again.
    /// Does no I/O; the first is at host start.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section that holds the options, for example <c>configuration.GetSection("Mlops")</c>; null for the defaults.</param>
    public static MlopsBuilder AddMlops(this IServiceCollection services, IConfiguration? configuration = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<MlopsOptions>();
        if (configuration is not null)
        {
            options.Bind(configuration);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IActorAccessor, SystemActorAccessor>();
        return new MlopsBuilder(services, configuration);
    }
}
