using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

public sealed class WatchOutageTests
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task A_watch_outlives_a_store_that_fails_for_a_while_and_repeats_nothing()
    {
        var store = new TroubledStore(clock: clock);
        var host = new RegistryHost(store, clock: clock);
        await host.RegisterAsync();
        var failures = 0;
        store.BeforeEvents = _ =>
        {
            if (failures++ % 6 != 5)
            {
                throw new MlopsException("The connection broke.") { IsTransient = true };
            }
        };
        await using var watch = host.Registry.WatchAsync("delay", cancellationToken: Cancel).GetAsyncEnumerator(Cancel);

        (await PassAsync(watch.MoveNextAsync().AsTask())).Should().BeTrue();
        watch.Current.Type.Should().Be("version.registered");
        await host.Registry.SetTagAsync("delay", 1, "a", "b", Cancel);
        (await PassAsync(watch.MoveNextAsync().AsTask())).Should().BeTrue();
        watch.Current.Type.Should().Be("version.tagged");
        failures.Should().BeGreaterThan(10);
    }

    [Fact]
    public async Task A_watch_ends_when_the_store_does_not_come_back_and_can_be_continued()
    {
        var store = new TroubledStore(clock: clock);
        var host = new RegistryHost(store, clock: clock);
        await host.RegisterAsync();
        await using var watch = host.Registry.WatchAsync("delay", cancellationToken: Cancel).GetAsyncEnumerator(Cancel);
        await watch.MoveNextAsync();
        var position = watch.Current.Position;
        var reads = store.EventReads.Count;
        var started = clock.GetUtcNow();
        store.BeforeEvents = _ => throw new MlopsException("The connection broke.") { IsTransient = true };

        (await FluentActions.Awaiting(() => PassAsync(watch.MoveNextAsync().AsTask())).Should().ThrowAsync<MlopsException>()).WithMessage("The connection broke.");

        (store.EventReads.Count - reads).Should().Be(10);
        (clock.GetUtcNow() - started).Should().BeGreaterThan(TimeSpan.FromSeconds(15)).And.BeLessThan(TimeSpan.FromMinutes(3));
        store.BeforeEvents = null;
        await host.RegisterAsync();
        (await host.Registry.WatchAsync("delay", position, Cancel).FirstAsync(Cancel)).Version.Should().Be(2);
    }

    [Fact]
    public async Task What_is_not_transient_is_told_at_once()
    {
        var store = new TroubledStore(clock: clock) { BeforeEvents = _ => throw new MlopsException("Wrong password.") };
        var host = new RegistryHost(store, clock: clock);

        await FluentActions.Awaiting(() => host.Registry.WatchAsync(cancellationToken: Cancel).FirstAsync(Cancel).AsTask()).Should().ThrowAsync<MlopsException>();
        store.EventReads.Should().ContainSingle();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Lets time pass until the work is done.</summary>
    private async Task<T> PassAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Cancel);
        }

        return await work;
    }
}
