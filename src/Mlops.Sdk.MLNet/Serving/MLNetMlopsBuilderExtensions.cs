using Mlops.Sdk.Serving;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Serves ML.NET models.</summary>
public static class MLNetMlopsBuilderExtensions
{
    /// <summary>Serves packages of ML.NET models. Idempotent.</summary>
    public static MlopsBuilder UseMLNet(this MlopsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddModelRuntime<MLNetRuntime>();
    }
}
