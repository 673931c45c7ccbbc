using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Sqlite.Tests.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Registry;

public sealed class SqliteRegistryTests : IAsyncDisposable
{
    private readonly TemporaryDatabase database = new();
    private readonly InMemoryArtifactStore artifacts = new();

    [Fact]
    public async Task Sixty_four_first_registrations_over_two_connections_to_one_file_make_one_model_without_gaps()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        var package = await PackageAsync(1);

        var versions = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => (i % 2 == 0 ? one : other).RegisterAsync(new() { Model = "delay", Package = package.Package }, Cancel))));

        versions.Select(v => v.Version).Order().Should().Equal(Enumerable.Range(1, 64));
        (await one.ListModelsAsync(Cancel).ToListAsync(Cancel)).Should().ContainSingle();
        (await other.ListVersionsAsync("delay", Cancel).Select(v => v.Version).ToListAsync(Cancel)).Should().Equal(Enumerable.Range(1, 64).Reverse());
    }

    [Fact]
    public async Task Of_many_moves_at_once_over_two_connections_exactly_one_wins()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        await RegisterAsync(one, 3);
        var first = await one.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                return await (i % 2 == 0 ? one : other).MoveAliasAsync("delay", "champion", 2 + (i % 2), first, $"mover {i}", Cancel);
            }
            catch (ConflictException)
            {
                return null;
            }
        })));

        outcomes.OfType<ModelAlias>().Should().ContainSingle().Which.Should().Be(await one.FindAliasAsync("delay", "champion", Cancel));
    }

    [Fact]
    public async Task Everything_is_there_after_the_file_is_opened_again()
    {
        var before = await OpenAsync();
        await RegisterAsync(before, 130);
        var alias = await before.MoveAliasAsync("delay", "champion", 130, null, "newest", Cancel);
        await before.SetTagAsync("delay", 7, "reviewed", "ja 🚀", Cancel);
        var written = await before.ListVersionsAsync("delay", Cancel).ToListAsync(Cancel);

        var after = await OpenAsync();

        (await after.ListVersionsAsync("delay", Cancel).ToListAsync(Cancel)).Should().BeEquivalentTo(written, o => o.WithStrictOrdering()).And.HaveCount(130);
        (await after.GetVersionAsync("delay", 7, Cancel)).Tags.Should().Contain("reviewed", "ja 🚀");
        (await after.GetAliasAsync("delay", "champion", Cancel)).Should().Be(alias);
        var events = await after.ListEventsAsync("delay", Cancel).ToListAsync(Cancel);
        events.Should().HaveCount(132);
        events[130].Should().BeEquivalentTo(new { Type = "alias.moved", Version = 130, Alias = "champion", Why = "newest" });
    }

    [Fact]
    public async Task The_same_move_and_the_same_registration_again_change_nothing()
    {
        var registry = await OpenAsync();
        var registration = new ModelRegistration { Model = "delay", Package = (await PackageAsync(1)).Package, IdempotencyKey = "k" };
        var version = await registry.RegisterAsync(registration, Cancel);
        var alias = await registry.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel);
        var again = await OpenAsync();

        (await again.RegisterAsync(registration, Cancel)).Should().BeEquivalentTo(version);
        (await again.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel)).Should().Be(alias);
        (await again.ListEventsAsync("delay", Cancel).ToListAsync(Cancel)).Should().HaveCount(2);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<IModelRegistry> OpenAsync()
    {
        var store = database.Store();
        await store.OpenAsync(Cancel);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMlops().UseMetadataStore(_ => store).UseArtifactStore(_ => artifacts);
        return services.BuildServiceProvider().GetRequiredService<IModelRegistry>();
    }

    private async Task RegisterAsync(IModelRegistry registry, int versions)
    {
        for (var i = 1; i <= versions; i++)
        {
            await registry.RegisterAsync(new() { Model = "delay", Package = (await PackageAsync((byte)i)).Package }, Cancel);
        }
    }

    private Task<ModelPackageRef> PackageAsync(byte content) => new ModelPackageBuilder("own").AddFile("model/weights.bin", new[] { content }).SaveAsync(artifacts, Cancel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
