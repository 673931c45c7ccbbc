using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Wires Mlops.Sdk into a host. <c>UseX</c> means exactly one and the last call wins; <c>AddX</c> means one more.</summary>
public sealed class MlopsBuilder
{
    internal MlopsBuilder(IServiceCollection services, IConfiguration? configuration)
    {
        Services = services;
        Configuration = configuration;
    }

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The section that was handed to <c>AddMlops</c>, or null. Providers bind their options to a child of it.</summary>
    public IConfiguration? Configuration { get; }

    /// <summary>Makes <typeparamref name="TStore"/> the metadata store, as a singleton.</summary>
    public MlopsBuilder UseMetadataStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>()
        where TStore : class, IMetadataStore
    {
        Services.Replace(ServiceDescriptor.Singleton<IMetadataStore, TStore>());
        return this;
    }

    /// <summary>Makes the product of <paramref name="factory"/> the metadata store, as a singleton.</summary>
    public MlopsBuilder UseMetadataStore(Func<IServiceProvider, IMetadataStore> factory)
    {
        Services.Replace(ServiceDescriptor.Singleton(factory));
        return this;
    }

    /// <summary>Makes <typeparamref name="TStore"/> the artifact store, as a singleton.</summary>
    public MlopsBuilder UseArtifactStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>()
        where TStore : class, IArtifactStore
    {
        Services.Replace(ServiceDescriptor.Singleton<IArtifactStore, TStore>());
        return this;
    }

    /// <summary>Makes the product of <paramref name="factory"/> the artifact store, as a singleton.</summary>
    public MlopsBuilder UseArtifactStore(Func<IServiceProvider, IArtifactStore> factory)
    {
        Services.Replace(ServiceDescriptor.Singleton(factory));
        return this;
    }
}
