using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mlops.Sdk;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Mlops.Sdk to a host.</summary>
public static class MlopsServiceCollectionExtensions
{
    /// <summary>
    /// Adds every capability, but no store: call <c>UseSqlite</c> and <c>UseFileArtifacts</c>, or <c>UseInMemory</c>, on the result, or the host fails at start. Idempotent: libraries may call it again.
    /// Does no I/O; the first is at host start.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section that holds the options, for example <c>configuration.GetSection("Mlops")</c>; null for the defaults.</param>
    public static MlopsBuilder AddMlops(this IServiceCollection services, IConfiguration? configuration = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptionsWithValidateOnStart<MlopsOptions>();
        if (configuration is not null)
        {
            options.Bind(configuration);
        }

        if (services.Any(service => service.ServiceType == typeof(StoreStartup)))
        {
            return new MlopsBuilder(services, configuration);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MlopsOptions>, MlopsOptionsValidator>());
        options.Validate(o => o.StartTimeout >= TimeSpan.FromSeconds(1) && o.StartTimeout <= TimeSpan.FromHours(1), "Mlops:StartTimeout is from 1 second to an hour.");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IActorAccessor, SystemActorAccessor>();
        services.TryAddSingleton<IMetadataStore>(_ => throw Missing("metadata store", "UseSqlite(), UsePostgreSql() or UseInMemory()"));
        services.TryAddSingleton<IArtifactStore>(_ => throw Missing("artifact store", "UseFileArtifacts() or UseInMemory()"));
        services.AddMetrics();
        services.AddMetadata();
        services.AddRegistry(configuration);
        services.AddEvaluation(configuration);
        services.AddTracking(configuration);
        services.AddSingleton<StoreStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreStartup>());
        services.AddHealthChecks()
            .AddCheck<MetadataHealthCheck>("mlops-metadata", tags: ["mlops"])
            .AddCheck<ArtifactHealthCheck>("mlops-artifacts", tags: ["mlops"]);
        return new MlopsBuilder(services, configuration);
    }
    // Registered until a store takes the place, so that a container that validates on build lets the host start far enough to say this.
    private static MlopsException Missing(string what, string remedy) => new($"No {what} is registered. Call {remedy} on the result of AddMlops().");
}
