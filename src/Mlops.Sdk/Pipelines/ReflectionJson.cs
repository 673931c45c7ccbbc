using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mlops.Sdk.Pipelines;

/// <summary>JSON contracts by reflection, where the host has not switched it off (trimmed and ahead-of-time compiled hosts have).</summary>
internal static class ReflectionJson
{
    public static IEnumerable<IJsonTypeInfoResolver> Resolvers
    {
        get
        {
            if (IsEnabled)
            {
                yield return new DefaultJsonTypeInfoResolver();
            }
        }
    }

    [FeatureSwitchDefinition("System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault")]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
    private static bool IsEnabled { get; } = JsonSerializer.IsReflectionEnabledByDefault;
}
