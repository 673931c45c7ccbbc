using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>Hosts that share one store but not their clocks.</summary>
public sealed class TrackingHosts(ITrackingPlace place) : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<ServiceProvider> hosts = [];
    private readonly InMemoryArtifactStore artifacts = new();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public FakeTimeProvider StoreClock { get; } = new(Start);

    /// <summary>A host whose clock is ahead of the store's and moves only when it is told to.</summary>
    public TrackingHost Add(TimeSpan ahead = default, params (string Key, string Value)[] settings) => Add(mlops => mlops.UseMetadataStore(_ => place.Open(StoreClock)), ahead, settings);

    /// <summary>A host whose store can be lost.</summary>
    public (TrackingHost Host, UnreliableStore Store) AddUnreliable(Action<MlopsBuilder>? configure = null, params (string Key, string Value)[] settings)
    {
        var store = new UnreliableStore(place.Open(StoreClock));
        var host = Add(
            mlops =>
            {
                mlops.UseMetadataStore(_ => store);
                configure?.Invoke(mlops);
            },
            default,
            settings);
        return (host, store);
    }

    private TrackingHost Add(Action<MlopsBuilder> configure, TimeSpan ahead, (string Key, string Value)[] settings)
    {
        var clock = new FakeTimeProvider(Start + ahead);
        var services = new ServiceCollection();
        services.AddLogging();
        var all = settings.Select(setting => KeyValuePair.Create("Tracking:" + setting.Key, (string?)setting.Value)).Append(new("Tracking:CaptureCode", "false"));
        services.AddSingleton<TimeProvider>(clock);
        configure(services.AddMlops(new ConfigurationBuilder().AddInMemoryCollection(all).Build()).UseArtifactStore(_ => artifacts));
        hosts.Add(services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        return new(hosts[^1], hosts[^1].GetRequiredService<IExperimentTracker>(), hosts[^1].GetRequiredService<IMetadataStore>(), clock);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        place.Dispose();
    }
}

/// <summary>Where the store of a test is.</summary>
public interface ITrackingPlace : IDisposable
{
    /// <summary>A store on this place with a clock of its own; called once a host.</summary>
    IMetadataStore Open(TimeProvider clock);
}

/// <summary>One of the hosts.</summary>
public sealed record TrackingHost(IServiceProvider Services, IExperimentTracker Tracker, IMetadataStore Store, FakeTimeProvider Clock);
