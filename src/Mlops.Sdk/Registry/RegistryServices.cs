using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Mlops.Sdk.Registry;

internal static class RegistryServices
{
    public static void AddRegistry(this IServiceCollection services, IConfiguration? configuration)
    {
        var options = services.AddOptionsWithValidateOnStart<RegistryOptions>();
        if (configuration is not null)
        {
            options.Bind(configuration.GetSection("Registry"));
        }

        options.Validate(
            o => o.RequiredApprovals.All(required => required.Value is >= 1 and <= 100),
            "Mlops:Registry:RequiredApprovals:{alias} is from 1 to 100. Leave an alias out that asks for no approval.");
        options.Validate(o => o.AliasMaxAge >= TimeSpan.FromSeconds(1) && o.AliasMaxAge <= TimeSpan.FromDays(1), "Mlops:Registry:AliasMaxAge is from 1 second to a day.");
        services.TryAddSingleton<IModelRegistry, ModelRegistry>();
        services.TryAddSingleton<IModelAliases, ModelAliasCache>();
    }
}
