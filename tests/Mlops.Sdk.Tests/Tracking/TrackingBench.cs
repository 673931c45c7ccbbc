using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking;

/// <summary>A tracker as a host gets it. Code is not captured unless asked for, so that tests do not depend on where they run.</summary>
internal sealed class TrackingBench : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public TrackingBench(Action<MlopsBuilder>? configure = null, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["Tracking:CaptureCode"] = "false" };
        foreach (var (key, value) in settings)
        {
            all["Tracking:" + key] = value;
        }

        var collection = new ServiceCollection();
        collection.AddLogging();
        var builder = collection.AddMlops(new ConfigurationBuilder().AddInMemoryCollection(all).Build()).UseInMemory();
        configure?.Invoke(builder);
        services = collection.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public IExperimentTracker Tracker => services.GetRequiredService<IExperimentTracker>();

    public IMetadataStore Store => services.GetRequiredService<IMetadataStore>();

    public IArtifactStore Artifacts => services.GetRequiredService<IArtifactStore>();

    public async Task<byte[]> ReadAsync(Digest digest)
    {
        using var content = new MemoryStream();
        await using var stream = await Artifacts.OpenReadAsync(digest, Token);
        await stream.CopyToAsync(content, Token);
        return content.ToArray();
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
