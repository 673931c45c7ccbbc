using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

/// <summary>Whoever does not know whether something happened may ask again.</summary>
public sealed class LostAnswerTests
{
    private readonly TroubledStore store = new();
    private readonly RegistryHost host;

    public LostAnswerTests() => host = new(store, configure: options => options.RequiredApprovals["critical"] = 1);

    [Fact]
    public async Task A_lost_answer_makes_nothing_happen_twice()
    {
        await host.RegisterAsync();
        var alias = await host.Registry.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel);
        Func<Task>[] calls =
        [
            () => host.Registry.RemoveAliasAsync(alias, "retired", Cancel),
            () => host.Registry.EditVersionAsync("delay", 1, new() { Owner = "ada" }, Cancel),
            () => host.Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel),
            () => As("bob", () => host.Registry.ApproveAsync("delay", 1, cancellationToken: Cancel)),
            () => host.Registry.MoveAliasAsync("delay", "critical", 1, null, cancellationToken: Cancel),
            () => As("bob", () => host.Registry.RejectAsync("delay", 1, cancellationToken: Cancel)),
            async () => await host.Registry.RemoveAliasAsync(await host.Registry.GetAliasAsync("delay", "critical", Cancel), cancellationToken: Cancel),
            () => host.Registry.DeleteVersionAsync("delay", 1, cancellationToken: Cancel),
            () => host.Registry.RestoreVersionAsync("delay", 1, cancellationToken: Cancel),
        ];
        foreach (var call in calls)
        {
            store.Lose(2);
            await call();
        }

        (await host.Registry.ListEventsAsync("delay", Cancel).Select(e => e.Type).ToListAsync(Cancel)).Should().Equal(
            "version.registered", "alias.moved", "alias.removed", "version.edited", "approval.requested", "approval.approved", "alias.moved", "approval.rejected", "alias.removed",
            "version.deleted", "version.restored");
    }

    [Fact]
    public async Task A_removal_and_a_move_that_are_called_again_after_a_failure_return_what_was_done()
    {
        var failing = new TroubledStore(transient: false);
        var other = new RegistryHost(failing);
        await other.RegisterAsync();
        await other.RegisterAsync();
        var first = await other.Registry.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel);
        var remove = () => other.Registry.RemoveAliasAsync(first, cancellationToken: Cancel);
        var move = () => other.Registry.MoveAliasAsync("delay", "champion", 2, null, cancellationToken: Cancel);

        failing.Lose(1);
        await remove.Should().ThrowAsync<MlopsException>();
        await remove();
        failing.Lose(1);
        await move.Should().ThrowAsync<MlopsException>();
        (await move()).Should().Be(await other.Registry.GetAliasAsync("delay", "champion", Cancel));
        (await other.Registry.ListAliasHistoryAsync("delay", "champion", Cancel).CountAsync(Cancel)).Should().Be(3);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task As(string actor, Func<Task> act)
    {
        host.Actor = actor;
        await act();
        host.Actor = "ada@example.com";
    }
}
