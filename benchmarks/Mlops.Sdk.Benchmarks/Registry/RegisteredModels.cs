using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Benchmarks.Registry;

/// <summary>Models with one version each, two tags and the alias <c>champion</c>.</summary>
internal static class RegisteredModels
{
    public static async Task AddAsync(IServiceProvider services, IEnumerable<string> names)
    {
        var registry = services.GetRequiredService<IModelRegistry>();
        var package = await new ModelPackageBuilder("own").AddFile("model/weights.bin", new byte[] { 1 }).SaveAsync(services.GetRequiredService<IArtifactStore>());
        foreach (var name in names)
        {
            await registry.RegisterAsync(new() { Model = name, Package = package.Package, Tags = new Dictionary<string, string> { ["team"] = "pricing", ["trainer"] = "sdca" } });
            await registry.MoveAliasAsync(name, "champion", 1, null);
        }
    }
}
