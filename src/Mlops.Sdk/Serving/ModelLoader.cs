using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Serving;

/// <summary>Finds what an alias points at and turns it into a loaded model. Nothing is interpreted before the package verifies.</summary>
internal sealed class ModelLoader(IModelRegistry registry, IArtifactStore artifacts, IEnumerable<IModelRuntime> runtimes)
{
    public Task<ModelAlias> GetAliasAsync(string model, string alias, CancellationToken cancellationToken) => registry.GetAliasAsync(model, alias, cancellationToken);

    public async Task<(ModelPackage Package, ILoadedModel Model)> LoadAsync(string model, int version, CancellationToken cancellationToken)
    {
        var registered = await registry.GetVersionAsync(model, version, cancellationToken).ConfigureAwait(false);
        var package = await ModelPackage.OpenAsync(artifacts, registered.Package, cancellationToken).ConfigureAwait(false);
        var runtime = runtimes.LastOrDefault(r => r.Name == package.Manifest.Runtime)
            ?? throw new MlopsException($"Its package asks for the runtime '{package.Manifest.Runtime}', and this host has {(runtimes.Any() ? string.Join(", ", runtimes.Select(r => $"'{r.Name}'")) : "none")}. Call UseMLNet(), or AddModelRuntime with your own.");
        return (package, await runtime.LoadAsync(package, cancellationToken).ConfigureAwait(false));
    }
}
