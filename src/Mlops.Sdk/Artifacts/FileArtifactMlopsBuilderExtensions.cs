using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps artifacts as files.</summary>
public static class FileArtifactMlopsBuilderExtensions
{
    /// <summary>
    /// Keeps artifacts as files under <see cref="FileArtifactOptions.Root"/>. Options come from the section <c>Artifacts</c> of the one that was handed to <c>AddMlops</c>, then from <paramref name="configure"/>.
    /// </summary>
    public static MlopsBuilder UseFileArtifacts(this MlopsBuilder builder, Action<FileArtifactOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptionsWithValidateOnStart<FileArtifactOptions>();
        if (builder.Configuration is not null)
        {
            options.Bind(builder.Configuration.GetSection("Artifacts"));
        }

        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FileArtifactOptions>, FileArtifactOptionsValidator>());
        return builder.UseArtifactStore(services => new FileArtifactStore(services.GetRequiredService<IOptions<FileArtifactOptions>>(), services.GetRequiredService<TimeProvider>()));
    }
}
