using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Metadata;

/// <summary>A host whose clock a test sets, whose changes a test watches.</summary>
internal sealed class GarbageHost : IAsyncDisposable
{
    public static readonly TimeSpan Month = TimeSpan.FromDays(31);
    private readonly ServiceProvider host;

    public GarbageHost(IMetadataStore? metadata = null, IPrunableArtifactStore? artifacts = null, FakeTimeProvider? clock = null)
    {
        Clock = clock ?? new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Metadata = new(metadata ?? new InMemoryMetadataStore(Clock), what => Watch(what));
        Artifacts = new(artifacts ?? new InMemoryArtifactStore(Clock), what => Watch(what));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock).AddLogging();
        services.AddMlops(new ConfigurationBuilder().AddInMemoryCollection([new("Tracking:CaptureCode", "false"), new("Tracking:CapturePackages", "false")]).Build())
            .UseMetadataStore(_ => Metadata).UseArtifactStore(_ => Artifacts);
        host = services.BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; }

    public WatchedMetadata Metadata { get; }

    public WatchedArtifacts Artifacts { get; }

    public Func<string, Task> Watch { get; set; } = _ => Task.CompletedTask;

    public IExperimentTracker Tracker => host.GetRequiredService<IExperimentTracker>();

    public IModelRegistry Registry => host.GetRequiredService<IModelRegistry>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<GarbageReport> CollectAsync(bool dryRun = false, GarbageOptions? options = null) =>
        host.GetRequiredService<IGarbageCollector>().CollectAsync((options ?? new()) with { DryRun = dryRun }, Token);

    public Task<ArtifactRef> PutAsync(string text) => Artifacts.PutBytesAsync(System.Text.Encoding.UTF8.GetBytes(text), Token);

    public async Task<string> RunAsync(params string[] texts)
    {
        await using var run = await Tracker.StartRunAsync("e", cancellationToken: Token);
        foreach (var (text, i) in texts.Select((text, i) => (text, i)))
        {
            await run.LogArtifactAsync($"file-{i}.txt", new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Token);
        }

        await run.CompleteAsync(Token);
        return run.Id;
    }

    /// <summary>All objects, as texts.</summary>
    public async Task<List<string>> TextsAsync() =>
        [.. await Artifacts.ListAsync(Token).Select(async (ArtifactRef a, CancellationToken token) => System.Text.Encoding.UTF8.GetString(await Artifacts.ReadBytesAsync(a.Digest, cancellationToken: token))).Order(StringComparer.Ordinal).ToListAsync(Token)];

    public async Task<List<EntityId>> EntitiesAsync(string kind) => [.. (await Metadata.QueryAsync(new(kind) { Limit = 1000 }, Token)).Items.Select(e => e.Id)];

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
