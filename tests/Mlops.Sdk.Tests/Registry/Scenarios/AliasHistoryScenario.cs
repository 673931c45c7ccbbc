using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry.Scenarios;

/// <summary>The history of an alias is complete, in one line, and says the same as the alias.</summary>
public abstract class AliasHistoryScenario : RegistryScenario
{
    [Fact]
    public async Task Every_move_and_removal_is_listed_with_who_from_where_to_where_and_why()
    {
        await RegisterAsync(3);
        var first = await Move(1, null, "first");
        var second = await As("bob", () => Move(3, first, "better in May"));
        await Registry.RemoveAliasAsync(second, "retired", Cancel);
        await Move(2, null, "needed after all");
        await Registry.MoveAliasAsync("delay", "challenger", 3, null, cancellationToken: Cancel);

        var history = await Registry.ListAliasHistoryAsync("delay", "champion", Cancel).ToListAsync(Cancel);

        history.Select(e => (e.Type, e.Previous, e.Version, e.Actor, e.Why, e.Alias)).Should().Equal(
            ("alias.moved", null, 1, "ada@example.com", "first", "champion"),
            ("alias.moved", 1, 3, "bob", "better in May", "champion"),
            ("alias.removed", 3, null, "ada@example.com", "retired", "champion"),
            ("alias.moved", null, 2, "ada@example.com", "needed after all", "champion"));
        history[1].At.Should().Be(second.Moved);
    }

    [Fact]
    public async Task The_version_at_any_time_is_the_one_of_the_last_move_before()
    {
        await RegisterAsync(2);
        var first = await Move(1, null);
        var second = await Move(2, first);
        await Registry.RemoveAliasAsync(second, cancellationToken: Cancel);
        var removed = (await Registry.ListAliasHistoryAsync("delay", "champion", Cancel).LastAsync(Cancel)).At;
        var tick = TimeSpan.FromTicks(1);

        (await At(first.Moved - tick)).Should().BeNull();
        (await At(first.Moved)).Should().Be(1);
        (await At(second.Moved - tick)).Should().Be(1);
        (await At(second.Moved)).Should().Be(2);
        (await At(removed - tick)).Should().Be(2);
        (await At(removed)).Should().BeNull();
        (await At(DateTimeOffset.MaxValue)).Should().BeNull();
    }

    [Fact]
    public async Task A_removed_alias_points_nowhere_and_can_be_pointed_anew()
    {
        await RegisterAsync(2);
        var first = await Move(1, null);
        await Registry.RemoveAliasAsync(first, cancellationToken: Cancel);
        await Registry.RemoveAliasAsync(first, cancellationToken: Cancel);

        (await Registry.FindAliasAsync("delay", "champion", Cancel)).Should().BeNull();
        (await Registry.FindVersionByAliasAsync("delay", "champion", Cancel)).Should().BeNull();
        (await Registry.ListAliasesAsync("delay", Cancel).ToListAsync(Cancel)).Should().BeEmpty();
        (await FluentActions.Awaiting(() => Move(2, first)).Should().ThrowAsync<ConflictException>()).WithMessage("*does not exist*");

        // The very same call as the first move is another move now.
        var again = await Move(1, null);
        again.Revision.Should().Be(3);
        (await Move(1, null)).Should().Be(again);
        (await Registry.FindAliasAsync("delay", "champion", Cancel)).Should().Be(again);
        (await FluentActions.Awaiting(() => Registry.RemoveAliasAsync(first, cancellationToken: Cancel)).Should().ThrowAsync<ConflictException>()).WithMessage("*moved to version 1 (revision 3)*");
        (await Registry.ListAliasHistoryAsync("delay", "champion", Cancel).CountAsync(Cancel)).Should().Be(3);
    }

    [Fact]
    public async Task An_alias_that_exists_is_not_expected_to_point_nowhere()
    {
        await RegisterAsync(2);
        var second = await Move(2, await Move(1, null));

        await FluentActions.Awaiting(() => Move(2, null)).Should().ThrowAsync<ConflictException>();
        (await Registry.FindAliasAsync("delay", "champion", Cancel)).Should().Be(second);
    }

    [Fact]
    public async Task The_history_is_read_without_the_events_of_others()
    {
        await RegisterAsync(2);
        await RegisterAsync(20, "other");
        await Move(2, await Move(1, null));
        var store = new TroubledStore(inner: Host.Metadata);
        await using var counting = NewHost(store);

        (await counting.Registry.ListAliasHistoryAsync("delay", "champion", Cancel).CountAsync(Cancel)).Should().Be(2);
        store.EventReads.Should().ContainSingle().Which.Subject!.Value.Key.Should().Be("delay/champion");
        store.EventReads.Clear();
        (await counting.Registry.ListEventsAsync("delay", Cancel).CountAsync(Cancel)).Should().Be(4);
        store.EventReads.Should().HaveCount(4).And.OnlyContain(query => query.Subject != null);
    }

    [Fact]
    public async Task A_model_with_very_many_versions_is_listed_too()
    {
        await RegisterAsync(2, "other");
        for (var i = 0; i < 260; i++)
        {
            await Host.RegisterAsync("delay", (byte)(i % 3));
        }

        await Move(260, null);

        var events = await Registry.ListEventsAsync("delay", Cancel).ToListAsync(Cancel);
        events.Select(e => e.Version).Should().Equal([.. Enumerable.Range(1, 260).Select(i => (int?)i), 260]);
        events.Should().OnlyContain(e => e.Model == "delay");
    }

    [Fact]
    public async Task Movers_at_once_write_one_line_of_history()
    {
        const int Movers = 6, Moves = 25;
        await RegisterAsync(4);
        var hosts = Enumerable.Range(0, 3).Select(i => NewHost(Open())).ToList();
        var done = await Task.WhenAll(Enumerable.Range(0, Movers).Select(mover => Task.Run(async () =>
        {
            var (registry, random, mine) = (hosts[mover % hosts.Count].Registry, new Random(mover), new List<ModelAlias?>());
            while (mine.Count < Moves)
            {
                var now = await registry.FindAliasAsync("delay", "champion", Cancel);
                try
                {
                    if (now is not null && random.Next(5) == 0)
                    {
                        await registry.RemoveAliasAsync(now, $"{mover}.{mine.Count}", Cancel);
                        mine.Add(null);
                    }
                    else
                    {
                        mine.Add(await registry.MoveAliasAsync("delay", "champion", random.Next(1, 5), now, $"{mover}.{mine.Count}", Cancel));
                    }
                }
                catch (ConflictException)
                {
                    // Somebody else was first: look again.
                }
            }

            return mine;
        })));

        var history = await Registry.ListAliasHistoryAsync("delay", "champion", Cancel).ToListAsync(Cancel);
        history.Should().HaveCount(Movers * Moves);
        history.Select(e => e.Previous).Should().Equal([null, .. history.SkipLast(1).Select(e => e.Version)]);
        history.Select(e => e.At).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        history.Select(e => e.Why).Should().BeEquivalentTo(Enumerable.Range(0, Movers).SelectMany(m => Enumerable.Range(0, Moves).Select(i => $"{m}.{i}")));
        foreach (var (mover, mine) in done.Index())
        {
            history.Where(e => e.Why!.StartsWith($"{mover}.", StringComparison.Ordinal)).Select(e => e.Version).Should().Equal(mine.Select(alias => alias?.Version));
        }

        (await Registry.FindAliasAsync("delay", "champion", Cancel))?.Version.Should().Be(history[^1].Version);
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    private Task<int?> At(DateTimeOffset time) => Registry.FindAliasVersionAtAsync("delay", "champion", time, Cancel);
}
