using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.StoreWorker;

/// <summary>The capabilities over one store, as a host wires them. Owns the store.</summary>
public sealed class StoreHost : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private StoreHost(ServiceProvider services) => this.services = services;

    public IMetadataStore Store => services.GetRequiredService<IMetadataStore>();

    public IExperimentTracker Tracker => services.GetRequiredService<IExperimentTracker>();

    public IModelRegistry Registry => services.GetRequiredService<IModelRegistry>();

    public IArtifactStore Artifacts => services.GetRequiredService<IArtifactStore>();

    /// <summary>Bytes stay in memory: a package with the same content has the same digest in every process.</summary>
    public static async Task<StoreHost> OpenAsync(IMetadataStore store, string actor = "ada", CancellationToken cancellationToken = default)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.Replace(ServiceDescriptor.Singleton<IActorAccessor>(new Actor(actor)));
        services.AddMlops(new ConfigurationBuilder().AddInMemoryCollection([new("Tracking:CaptureCode", "false"), new("Tracking:CapturePackages", "false"), new("Workers", "false")]).Build())
            .UseMetadataStore(_ => store)
            .UseArtifactStore(_ => new InMemoryArtifactStore());
        var host = new StoreHost(services.BuildServiceProvider());
        await host.services.OpenMlopsAsync(cancellationToken);
        return host;
    }

    /// <summary>A package of one file.</summary>
    public async Task<Digest> PackageAsync(byte content = 1, CancellationToken cancellationToken = default) =>
        (await new ModelPackageBuilder("own").AddFile("model/weights.bin", new[] { content }).SaveAsync(Artifacts, cancellationToken)).Package;

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private sealed record Actor(string Name) : IActorAccessor
    {
        string IActorAccessor.Actor => Name;
    }
}
