using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

public sealed class AliasTests
{
    private readonly RegistryHost host = new();

    [Fact]
    public async Task An_alias_is_created_and_moved_and_says_where_it_points()
    {
        await RegisterThree();
        var first = await Move(1, null);
        var second = await Move(2, first);

        first.Should().BeEquivalentTo(new { Model = "delay", Alias = "champion", Version = 1, Revision = 1L });
        second.Should().BeEquivalentTo(new { Version = 2, Revision = 2L });
        (await host.Registry.FindAliasAsync("delay", "champion", Cancel)).Should().Be(second);
        (await host.Registry.GetVersionByAliasAsync("delay", "champion", Cancel)).Version.Should().Be(2);
    }

    [Fact]
    public async Task A_stale_alias_move_conflicts()
    {
        await RegisterThree();
        var first = await Move(1, null);
        var second = await Move(2, first);

        var stale = () => Move(3, first);
        var absent = () => Move(3, null);

        (await stale.Should().ThrowAsync<ConflictException>()).WithMessage("*version 2 (revision 2)*expected was version 1 (revision 1)*");
        (await absent.Should().ThrowAsync<ConflictException>()).WithMessage("*expected not to exist*");
        (await host.Registry.FindAliasAsync("delay", "champion", Cancel)).Should().Be(second);
    }

    [Fact]
    public async Task Of_many_moves_at_once_from_one_state_exactly_one_wins()
    {
        await RegisterThree();
        var first = await Move(1, null);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                return await host.Registry.MoveAliasAsync("delay", "champion", 2 + (i % 2), first, $"mover {i}", Cancel);
            }
            catch (ConflictException)
            {
                return null;
            }
        })));

        outcomes.OfType<ModelAlias>().Should().ContainSingle().Which.Should().Be(await host.Registry.FindAliasAsync("delay", "champion", Cancel));
    }

    [Fact]
    public async Task The_same_move_again_returns_what_the_first_did_and_notes_it_once()
    {
        await RegisterThree();
        var first = await Move(1, null);

        (await Move(1, null)).Should().Be(first);
        (await host.Registry.ListEventsAsync("delay", Cancel).CountAsync(e => e.Type == "alias.moved", Cancel)).Should().Be(1);
    }

    [Fact]
    public async Task A_move_that_is_repeated_after_others_followed_conflicts()
    {
        await RegisterThree();
        var first = await Move(1, null);
        var second = await Move(2, first);
        var third = await Move(3, second);

        (await FluentActions.Awaiting(() => Move(1, null)).Should().ThrowAsync<ConflictException>()).WithMessage("*moved to version 3*");
        await FluentActions.Awaiting(() => Move(2, first)).Should().ThrowAsync<ConflictException>();
        (await host.Registry.FindAliasAsync("delay", "champion", Cancel)).Should().Be(third);
    }

    [Fact]
    public async Task The_same_move_by_somebody_else_conflicts()
    {
        await RegisterThree();
        await Move(1, null);
        host.Actor = "bob";

        var move = () => Move(1, null);

        await move.Should().ThrowAsync<ConflictException>();
    }

    [Fact]
    public async Task A_lost_answer_does_not_make_a_move_fail()
    {
        var store = new TroubledStore();
        var lossy = new RegistryHost(store);
        await lossy.RegisterAsync();
        store.Lose(3);

        var moved = await lossy.Registry.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel);

        moved.Revision.Should().Be(1);
        (await lossy.Registry.FindAliasAsync("delay", "champion", Cancel)).Should().Be(moved);
    }

    [Fact]
    public async Task An_alias_cannot_point_at_a_version_that_does_not_exist()
    {
        await RegisterThree();

        var move = () => Move(4, null);

        (await move.Should().ThrowAsync<NotFoundException>()).WithMessage("*no version 4*newest version is 3*");
        (await host.Registry.FindAliasAsync("delay", "champion", Cancel)).Should().BeNull();
    }

    [Fact]
    public async Task An_unknown_alias_is_answered_with_the_aliases_there_are()
    {
        await RegisterThree();
        await Move(1, null);
        await host.Registry.MoveAliasAsync("delay", "challenger", 3, null, cancellationToken: Cancel);

        var get = () => host.Registry.GetAliasAsync("delay", "champ", Cancel);

        (await get.Should().ThrowAsync<NotFoundException>()).WithMessage("*'champ'*challenger → 3, champion → 1*");
    }

    [Fact]
    public async Task An_alias_of_an_unknown_model_is_answered_with_the_models_there_are()
    {
        await host.RegisterAsync("delay");
        await host.RegisterAsync("fraud");

        var get = () => host.Registry.GetAliasAsync("dealy", "champion", Cancel);

        (await get.Should().ThrowAsync<NotFoundException>()).WithMessage("*no model 'dealy'*fraud, delay*");
    }

    [Fact]
    public async Task A_model_without_aliases_and_an_empty_registry_say_what_to_do()
    {
        var get = () => host.Registry.GetAliasAsync("delay", "champion", Cancel);
        (await get.Should().ThrowAsync<NotFoundException>()).WithMessage("*RegisterAsync*");

        await host.RegisterAsync();
        (await get.Should().ThrowAsync<NotFoundException>()).WithMessage("*MoveAliasAsync*newest version is 1*");
    }

    [Fact]
    public async Task Everything_that_happened_is_listed_with_who_and_why()
    {
        await RegisterThree();
        await host.RegisterAsync("other");
        var first = await Move(1, null, "passed the gate");
        host.Actor = "bob";
        await Move(3, first, "better in May");
        await host.Registry.SetTagAsync("delay", 3, "reviewed", "yes", Cancel);

        var events = await host.Registry.ListEventsAsync("delay", Cancel).ToListAsync(Cancel);

        events.Select(e => (e.Type, e.Version, e.Actor, e.Alias, e.Why, e.Previous, e.Tag)).Should().Equal(
            ("version.registered", 1, "ada@example.com", null, null, null, null),
            ("version.registered", 2, "ada@example.com", null, null, null, null),
            ("version.registered", 3, "ada@example.com", null, null, null, null),
            ("alias.moved", 1, "ada@example.com", "champion", "passed the gate", null, null),
            ("alias.moved", 3, "bob", "champion", "better in May", 1, null),
            ("version.tagged", 3, "bob", null, null, null, "reviewed"));
        events.Select(e => e.Position).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task Tags_are_set_replaced_and_removed_without_touching_the_rest()
    {
        var version = await host.RegisterAsync();
        await host.Registry.SetTagAsync("delay", 1, "a", "1", Cancel);
        await host.Registry.SetTagAsync("delay", 1, "b", "", Cancel);
        await host.Registry.SetTagAsync("delay", 1, "a", "2", Cancel);
        (await host.Registry.GetVersionAsync("delay", 1, Cancel)).Should().BeEquivalentTo(version with { Tags = new Dictionary<string, string> { ["a"] = "2", ["b"] = "" } });

        await host.Registry.SetTagAsync("delay", 1, "a", null, Cancel);
        (await host.Registry.GetVersionAsync("delay", 1, Cancel)).Tags.Should().BeEquivalentTo(new Dictionary<string, string> { ["b"] = "" });

        var unknown = () => host.Registry.SetTagAsync("delay", 2, "a", "1", Cancel);
        (await unknown.Should().ThrowAsync<NotFoundException>()).WithMessage("*no version 2*");
    }

    [Fact]
    public async Task A_move_whose_expectation_is_about_another_alias_is_a_mistake()
    {
        await RegisterThree();
        var first = await Move(1, null);

        var move = () => host.Registry.MoveAliasAsync("delay", "challenger", 2, first, cancellationToken: Cancel);

        await move.Should().ThrowAsync<ArgumentException>();
    }

    private async Task RegisterThree()
    {
        for (byte i = 1; i <= 3; i++)
        {
            await host.RegisterAsync("delay", i);
        }
    }

    private Task<ModelAlias> Move(int version, ModelAlias? expected, string? why = null) => host.Registry.MoveAliasAsync("delay", "champion", version, expected, why, Cancel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
