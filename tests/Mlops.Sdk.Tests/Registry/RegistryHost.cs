using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

/// <summary>A registry as a host gets it, over stores that a test can reach.</summary>
internal sealed class RegistryHost : IActorAccessor
{
    public RegistryHost(IMetadataStore? metadata = null, string workspace = "default")
    {
        Metadata = metadata ?? new InMemoryMetadataStore();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMlops().UseMetadataStore(_ => Metadata).UseArtifactStore(_ => Artifacts);
        services.AddSingleton<IActorAccessor>(this);
        services.Configure<MlopsOptions>(options => options.Workspace = workspace);
        Registry = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }).GetRequiredService<IModelRegistry>();
    }

    public IModelRegistry Registry { get; }

    public IMetadataStore Metadata { get; }

    public CarelessArtifactStore Artifacts { get; } = new();

    public string Actor { get; set; } = "ada@example.com";

    public Task<ModelPackageRef> PackageAsync(byte content = 1) =>
        new ModelPackageBuilder("own").AddFile("model/weights.bin", new[] { content }).SaveAsync(Artifacts, TestContext.Current.CancellationToken);

    public async Task<ModelVersion> RegisterAsync(string model = "delay", byte content = 1) =>
        await Registry.RegisterAsync(new() { Model = model, Package = (await PackageAsync(content)).Package }, TestContext.Current.CancellationToken);
}
