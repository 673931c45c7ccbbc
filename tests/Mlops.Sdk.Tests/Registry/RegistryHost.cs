using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

/// <summary>A registry as a host gets it, over stores that a test can reach.</summary>
internal sealed class RegistryHost : IActorAccessor
{
    private readonly ServiceProvider services;

    public RegistryHost(IMetadataStore? metadata = null, string workspace = "default", Action<RegistryOptions>? configure = null, TimeProvider? clock = null, bool workers = true, CarelessArtifactStore? artifacts = null)
    {
        Artifacts = artifacts ?? new();
        Metadata = metadata ?? new InMemoryMetadataStore(clock);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMlops().UseMetadataStore(_ => Metadata).UseArtifactStore(_ => Artifacts);
        services.AddSingleton<IActorAccessor>(this);
        services.Configure<MlopsOptions>(options => (options.Workspace, options.Workers) = (workspace, workers));
        services.Configure(configure ?? (_ => { }));
        services.AddSingleton(clock ?? TimeProvider.System);
        this.services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        Registry = this.services.GetRequiredService<IModelRegistry>();
    }

    public IModelRegistry Registry { get; }

    public IModelAliases Aliases => services.GetRequiredService<IModelAliases>();

    public IMetadataStore Metadata { get; }

    public CarelessArtifactStore Artifacts { get; }

    public string Actor { get; set; } = "ada@example.com";

    public Task<ModelPackageRef> PackageAsync(byte content = 1) =>
        new ModelPackageBuilder("own").AddFile("model/weights.bin", new[] { content }).SaveAsync(Artifacts, TestContext.Current.CancellationToken);

    public async Task<ModelVersion> RegisterAsync(string model = "delay", byte content = 1) =>
        await Registry.RegisterAsync(new() { Model = model, Package = (await PackageAsync(content)).Package }, TestContext.Current.CancellationToken);

    public async Task<ModelVersion> RegisterAsync(string model, byte content, string actor)
    {
        Actor = actor;
        return await RegisterAsync(model, content);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
