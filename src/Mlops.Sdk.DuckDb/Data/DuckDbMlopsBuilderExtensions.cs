using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Data;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Checks data with DuckDB.</summary>
public static class DuckDbMlopsBuilderExtensions
{
    /// <summary>Makes DuckDB the data engine. Options come from <c>Mlops:DuckDb</c>, then from <paramref name="configure"/>.</summary>
    [Experimental("MLOPS001")]
    public static MlopsBuilder UseDuckDb(this MlopsBuilder builder, Action<DuckDbOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<DuckDbOptions>();
        if (builder.Configuration?.GetSection("DuckDb") is { } section)
        {
            options.Bind(section);
        }

        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.Replace(ServiceDescriptor.Singleton<IDataEngine>(services => new DuckDbDataEngine(services.GetRequiredService<IOptions<DuckDbOptions>>().Value)));
        return builder;
    }
}
