using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry.Scenarios;

/// <summary>Whoever watches sees everything once, in order, also across restarts.</summary>
public abstract class WatchScenario : RegistryScenario
{
    [Fact]
    public async Task A_watch_tells_what_was_and_then_what_comes()
    {
        await RegisterAsync(1);
        await using var watch = Registry.WatchAsync("delay", cancellationToken: Cancel).GetAsyncEnumerator(Cancel);

        (await Next(watch)).Type.Should().Be("version.registered");
        var coming = Next(watch);
        await RegisterAsync(1, "other");
        coming.IsCompleted.Should().BeFalse();
        await Move(1, null, "first");
        (await coming).Should().BeEquivalentTo(new { Type = "alias.moved", Model = "delay", Version = 1, Alias = "champion", Why = "first" });
    }

    [Fact]
    public async Task A_watch_of_all_models_sees_this_workspace_alone()
    {
        await using var other = new RegistryHost(Host.Metadata, "team-b");
        await other.RegisterAsync("theirs");
        await RegisterAsync(1, "a");
        await RegisterAsync(1, "b");

        (await Registry.WatchAsync(cancellationToken: Cancel).Take(2).Select(e => e.Model).ToListAsync(Cancel)).Should().Equal("a", "b");
    }

    [Fact]
    public async Task A_watch_that_is_cancelled_ends_at_once()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var watch = Registry.WatchAsync("delay", cancellationToken: cancel.Token).GetAsyncEnumerator(cancel.Token);
        var coming = Next(watch);
        await cancel.CancelAsync();

        await FluentActions.Awaiting(() => coming).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_watch_that_is_restarted_again_and_again_beside_writers_leaves_nothing_out_and_repeats_nothing()
    {
        const int Writers = 3, Each = 30;
        await using var here = NewHost(Open());
        await using var there = NewHost(Open());
        await RegisterAsync(2);
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var registry = (writer % 2 == 0 ? here : there).Registry;
            for (var i = 0; i < Each; i++)
            {
                await registry.SetTagAsync("delay", 1 + (i % 2), $"w{writer}.{i}", "x", Cancel);
            }
        })).ToList();

        var (seen, position, random) = (new List<ModelEvent>(), 0L, new Random(1));
        while (seen.Count < 2 + (Writers * Each))
        {
            var take = Math.Min(random.Next(1, 8), 2 + (Writers * Each) - seen.Count);
            await foreach (var e in Registry.WatchAsync("delay", position, Cancel).Take(take))
            {
                seen.Add(e);
                position = e.Position;
            }
        }

        await Task.WhenAll(writing);
        seen.Skip(2).Select(e => e.Tag).Should().BeEquivalentTo(Enumerable.Range(0, Writers).SelectMany(w => Enumerable.Range(0, Each).Select(i => $"w{w}.{i}")));
        seen.Should().BeEquivalentTo(await Registry.ListEventsAsync("delay", Cancel).ToListAsync(Cancel), o => o.WithStrictOrdering());
    }

    private static async Task<ModelEvent> Next(IAsyncEnumerator<ModelEvent> watch)
    {
        (await watch.MoveNextAsync()).Should().BeTrue();
        return watch.Current;
    }
}
