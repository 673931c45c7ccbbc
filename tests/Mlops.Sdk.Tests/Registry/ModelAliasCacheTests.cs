using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

public sealed class ModelAliasCacheTests : IAsyncLifetime
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(20);
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private readonly TroubledStore store;
    private RegistryHost host = null!;

    public ModelAliasCacheTests() => store = new(clock: clock);

    public ValueTask InitializeAsync()
    {
        host = Host();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task An_answer_from_memory_asks_no_store_and_allocates_nothing()
    {
        await PointAsync(1);
        await SettleAsync();
        var (finds, found) = (store.Finds, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            var answer = host.Aliases.ResolveAsync("delay", "champion", Cancel);
            found += answer.IsCompletedSuccessfully ? 1 : 0;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000, "less than a byte a call is nothing");
        found.Should().Be(10_000);
        store.Finds.Should().Be(finds);
    }

    [Fact]
    public async Task A_move_is_noticed_without_time_passing()
    {
        await PointAsync(1);
        await SettleAsync();
        var now = clock.GetUtcNow();

        await PointAsync(2);

        await UntilAsync(async () => (await ResolveAsync()).Version == 2);
        clock.GetUtcNow().Should().Be(now);
    }

    [Fact]
    public async Task Without_the_change_feed_an_answer_is_never_older_than_it_may_be()
    {
        await host.DisposeAsync();
        host = Host(workers: false);
        await PointAsync(1);
        (await ResolveAsync()).Version.Should().Be(1);
        await PointAsync(2);

        clock.Advance(MaxAge);
        (await ResolveAsync()).Version.Should().Be(1, "it may still be that old");
        clock.Advance(TimeSpan.FromTicks(1));
        (await ResolveAsync()).Version.Should().Be(2);
        store.EventReads.Should().BeEmpty();
    }

    [Fact]
    public async Task A_change_feed_that_fails_or_holds_back_does_not_make_answers_older()
    {
        await PointAsync(1);
        await SettleAsync();
        store.BeforeEvents = _ => throw new MlopsException("The feed is broken.") { IsTransient = true };
        await PointAsync(2);

        clock.Advance(MaxAge + TimeSpan.FromTicks(1));

        (await ResolveAsync()).Version.Should().Be(2);
    }

    [Fact]
    public async Task After_an_outage_of_the_feed_moves_are_noticed_again()
    {
        await PointAsync(1);
        await SettleAsync();
        store.BeforeEvents = _ => throw new MlopsException("The feed is broken.") { IsTransient = true };
        await PointAsync(2);
        await UntilAsync(() =>
        {
            clock.Advance(MaxAge / 4);
            return Task.FromResult(store.EventReads.Count(query => query.Wait > TimeSpan.Zero) > 10);
        });
        store.BeforeEvents = null;
        await UntilAsync(() =>
        {
            clock.Advance(MaxAge / 4);
            return Task.FromResult(LastQuestion() == LastMove());
        });
        (await ResolveAsync()).Version.Should().Be(2);
        var now = clock.GetUtcNow();

        await PointAsync(3);

        await UntilAsync(async () => (await ResolveAsync()).Version == 3);
        clock.GetUtcNow().Should().Be(now);
    }

    [Fact]
    public async Task What_is_used_is_read_again_before_it_is_too_old_so_that_nobody_waits()
    {
        await PointAsync(1);
        await SettleAsync();
        for (var i = 0; i < 40; i++)
        {
            var finds = store.Finds;
            var answer = host.Aliases.ResolveAsync("delay", "champion", Cancel);
            answer.IsCompletedSuccessfully.Should().BeTrue("at {0} quarters", i);
            (await answer).Version.Should().Be(1);
            var reads = store.EventReads.Count;
            clock.Advance(MaxAge / 4);
            await UntilAsync(() => Task.FromResult(store.EventReads.Count > reads));
        }
    }

    [Fact]
    public async Task What_nobody_asks_for_is_forgotten()
    {
        await PointAsync(1);
        await SettleAsync();
        var finds = 0;
        for (var i = 0; i < 20; i++)
        {
            var reads = store.EventReads.Count;
            clock.Advance(MaxAge / 4);
            await UntilAsync(() => Task.FromResult(store.EventReads.Count > reads));
            finds = i == 10 ? store.Finds : finds;
        }

        store.Finds.Should().Be(finds, "after some time there is nothing left to read again");
    }

    [Fact]
    public async Task A_move_between_the_read_and_the_memory_is_not_lost()
    {
        await PointAsync(1);
        await SettleAsync();
        await host.Registry.RemoveAliasAsync(await host.Registry.GetAliasAsync("delay", "champion", Cancel), cancellationToken: Cancel);
        await SettleFeedAsync();
        await FluentActions.Awaiting(ResolveAsync).Should().ThrowAsync<NotFoundException>();
        await PointAsync(1);
        await SettleFeedAsync();
        (await host.Registry.GetVersionByAliasAsync("delay", "champion", Cancel)).Version.Should().Be(1);
        var once = true;
        store.AfterFind = async () =>
        {
            if (once)
            {
                once = false;
                await PointAsync(2);
                await SettleFeedAsync();
            }
        };

        // What was read before the move may be answered, but not remembered.
        (await ResolveAsync()).Version.Should().Be(1);
        (await ResolveAsync()).Version.Should().Be(2);
    }

    [Fact]
    public async Task An_alias_that_points_nowhere_says_what_there_is()
    {
        await PointAsync(1);

        (await FluentActions.Awaiting(() => host.Aliases.ResolveAsync("delay", "champ", Cancel).AsTask()).Should().ThrowAsync<NotFoundException>()).WithMessage("*'champ'*champion → 1*");
    }

    [Fact]
    public async Task When_the_store_is_gone_answers_fail_only_after_their_time()
    {
        await PointAsync(1);
        await SettleAsync();
        store.BeforeEvents = _ => throw new MlopsException("The store is gone.") { IsTransient = true };
        store.AfterFind = () => throw new MlopsException("The store is gone.") { IsTransient = true };

        clock.Advance(MaxAge * 0.9);
        (await ResolveAsync()).Version.Should().Be(1);
        clock.Advance(MaxAge * 0.2);
        (await FluentActions.Awaiting(ResolveAsync).Should().ThrowAsync<MlopsException>()).WithMessage("The store is gone.");
    }

    [Fact]
    public async Task After_it_is_disposed_nothing_is_read_any_more()
    {
        await PointAsync(1);
        await SettleAsync();
        var cache = (ModelAliasCache)host.Aliases;
        cache.Following.IsCompleted.Should().BeFalse();

        await host.DisposeAsync();

        cache.Following.IsCompleted.Should().BeTrue();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        for (var i = 0; !await happened(); i++)
        {
            i.Should().BeLessThan(5_000, "it should have happened by now");
            await Task.Delay(1, Cancel);
        }
    }

    private RegistryHost Host(bool workers = true) => new(store, configure: o => o.AliasMaxAge = MaxAge, clock: clock, workers: workers, artifacts: host?.Artifacts);

    private Task<ModelVersion> ResolveAsync() => host.Aliases.ResolveAsync("delay", "champion", Cancel).AsTask();

    private async Task PointAsync(int version, string alias = "champion")
    {
        while (await host.Registry.FindVersionAsync("delay", version, Cancel) is null)
        {
            await host.RegisterAsync("delay", (byte)version);
        }

        await host.Registry.MoveAliasAsync("delay", alias, version, await host.Registry.FindAliasAsync("delay", alias, Cancel), cancellationToken: Cancel);
    }

    /// <summary>Until the alias is in memory and the follower waits for news.</summary>
    private async Task SettleAsync()
    {
        await ResolveAsync();
        await SettleFeedAsync();
        await ResolveAsync();
        await SettleFeedAsync();
    }

    /// <summary>Until the follower has dealt with everything and waits: its question is about what comes after the last event.</summary>
    private Task SettleFeedAsync() => UntilAsync(() => Task.FromResult(LastQuestion() == LastMove()));

    private long? LastQuestion() => store.EventReads.LastOrDefault(query => query.Wait > TimeSpan.Zero)?.AfterPosition;

    private long LastMove() => store.LastPosition("alias");
}
