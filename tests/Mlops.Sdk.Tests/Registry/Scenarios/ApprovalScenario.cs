using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry.Scenarios;

/// <summary>Versions come into use only with the approval of others, where a host asks for it.</summary>
public abstract class ApprovalScenario : RegistryScenario
{
    private const string Author = "ada@example.com";

    [Fact]
    public async Task An_alias_that_asks_for_approval_takes_no_version_without_it()
    {
        await RegisterAsync(1);
        var move = () => Move(1, null);

        (await move.Should().ThrowAsync<ApprovalException>()).WithMessage("*'champion'*an approval*version 1 of model 'delay'*nobody has asked*RequestApprovalAsync*");
        await Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel);
        (await move.Should().ThrowAsync<ApprovalException>()).WithMessage("*has 0*ApproveAsync*");
        (await Registry.FindAliasAsync("delay", "champion", Cancel)).Should().BeNull();

        await As("bob", () => Registry.ApproveAsync("delay", 1, "checked on May", Cancel));
        (await move()).Version.Should().Be(1);
    }

    [Fact]
    public async Task Other_aliases_take_any_version()
    {
        await RegisterAsync(1);

        (await Registry.MoveAliasAsync("delay", "challenger", 1, null, cancellationToken: Cancel)).Version.Should().Be(1);
    }

    [Fact]
    public async Task An_alias_may_ask_for_several_people()
    {
        await RegisterAsync(1);
        var move = () => Registry.MoveAliasAsync("delay", "critical", 1, null, cancellationToken: Cancel);
        await Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel);
        await As("bob", () => Registry.ApproveAsync("delay", 1, cancellationToken: Cancel));
        await As("Bob", () => Registry.ApproveAsync("delay", 1, cancellationToken: Cancel));

        (await move.Should().ThrowAsync<ApprovalException>()).WithMessage("*2 approvals*has 1*");

        (await As("eve", () => Registry.ApproveAsync("delay", 1, cancellationToken: Cancel))).Votes.Select(vote => vote.Actor).Should().Equal("bob", "eve");
        (await move()).Version.Should().Be(1);
    }

    [Theory]
    [InlineData("ada@example.com", "*registered version 1*IActorAccessor*")]
    [InlineData("ADA@example.com", "*registered version 1*")]
    [InlineData("carl", "*asked for the approval*")]
    public async Task Neither_who_registered_nor_who_asked_can_approve(string actor, string message)
    {
        await RegisterAsync(1);
        await As("carl", () => Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel));

        var approve = () => As(actor, () => Registry.ApproveAsync("delay", 1, cancellationToken: Cancel));

        (await approve.Should().ThrowAsync<ApprovalException>()).WithMessage(message);
        (await Registry.FindApprovalAsync("delay", 1, Cancel))!.Votes.Should().BeEmpty();
        (await Registry.GetVersionAsync("delay", 1, Cancel)).Approval.Should().Be(ApprovalState.Requested);
    }

    [Fact]
    public async Task An_approval_says_who_when_and_why_and_is_in_the_events()
    {
        await RegisterAsync(1);
        (await Registry.FindApprovalAsync("delay", 1, Cancel)).Should().BeNull();
        await As("carl", () => Registry.RequestApprovalAsync("delay", 1, "two points better", Cancel));
        await As("bob", () => Registry.ApproveAsync("delay", 1, "checked on May", Cancel));
        var approval = (await Registry.FindApprovalAsync("delay", 1, Cancel))!;

        approval.Should().BeEquivalentTo(new { Model = "delay", Version = 1, State = ApprovalState.Approved, RequestedBy = "carl", Why = "two points better" });
        approval.Votes.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Actor = "bob", Decision = ApprovalDecision.Approve, Why = "checked on May" });
        approval.Votes[0].At.Should().BeAfter(approval.RequestedAt);
        (await Registry.ListVersionsAsync("delay", Cancel).SingleAsync(Cancel)).Approval.Should().Be(ApprovalState.Approved);
        (await Registry.ListEventsAsync("delay", Cancel).Select(e => (e.Type, e.Version, e.Actor, e.Why)).ToListAsync(Cancel)).Should().Equal(
            ("version.registered", 1, Author, null), ("approval.requested", 1, "carl", "two points better"), ("approval.approved", 1, "bob", "checked on May"));
    }

    [Fact]
    public async Task What_changes_nothing_is_not_noted()
    {
        await RegisterAsync(1);
        await Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel);
        (await As("bob", () => Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel))).RequestedBy.Should().Be(Author);
        await As("bob", () => Registry.ApproveAsync("delay", 1, cancellationToken: Cancel));
        await As("bob", () => Registry.ApproveAsync("delay", 1, cancellationToken: Cancel));
        await Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel);
        await Registry.RejectAsync("delay", 1, cancellationToken: Cancel);
        await Registry.RejectAsync("delay", 1, cancellationToken: Cancel);

        (await Registry.ListEventsAsync("delay", Cancel).Select(e => e.Type).ToListAsync(Cancel)).Should().Equal("version.registered", "approval.requested", "approval.approved", "approval.rejected");
    }

    [Fact]
    public async Task A_rejection_takes_approval_back_and_a_new_request_begins_anew()
    {
        await RegisterAsync(1);
        await Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel);
        await As("bob", () => Registry.ApproveAsync("delay", 1, cancellationToken: Cancel));
        await As("eve", () => Registry.RejectAsync("delay", 1, "leaked data", Cancel));
        var move = () => Move(1, null);

        (await move.Should().ThrowAsync<ApprovalException>()).WithMessage("*was rejected*");
        (await FluentActions.Awaiting(() => As("bob", () => Registry.ApproveAsync("delay", 1, cancellationToken: Cancel))).Should().ThrowAsync<ApprovalException>()).WithMessage("*was rejected*RequestApprovalAsync*");

        (await Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel)).Should().BeEquivalentTo(new { State = ApprovalState.Requested, Votes = Array.Empty<ApprovalVote>() });
        await move.Should().ThrowAsync<ApprovalException>();
    }

    [Fact]
    public async Task A_rejection_leaves_aliases_where_they_are_and_a_repeated_move_as_it_was()
    {
        await RegisterAsync(1);
        await ApproveAsync(1);
        var moved = await Move(1, null);
        await Registry.RejectAsync("delay", 1, cancellationToken: Cancel);

        (await Registry.FindAliasAsync("delay", "champion", Cancel)).Should().Be(moved);
        (await Move(1, null)).Should().Be(moved);
    }

    [Fact]
    public async Task Going_back_to_a_version_that_was_approved_needs_nobody()
    {
        await RegisterAsync(2);
        await ApproveAsync(1);
        await ApproveAsync(2);
        var second = await Move(2, await Move(1, null));

        (await Move(1, second, "complaints")).Version.Should().Be(1);
    }

    [Fact]
    public async Task Without_a_request_and_without_a_version_there_is_nothing_to_decide()
    {
        await RegisterAsync(2);
        await Registry.DeleteVersionAsync("delay", 2, cancellationToken: Cancel);
        foreach (var decision in new[] { ApprovalDecision.Approve, ApprovalDecision.Reject })
        {
            (await FluentActions.Awaiting(() => As("bob", () => Registry.DecideApprovalAsync("delay", 1, decision, cancellationToken: Cancel))).Should().ThrowAsync<ApprovalException>()).WithMessage("*not up for approval*");
        }

        foreach (var version in new[] { 2, 3 })
        {
            await FluentActions.Awaiting(() => Registry.RequestApprovalAsync("delay", version, cancellationToken: Cancel)).Should().ThrowAsync<NotFoundException>();
            await FluentActions.Awaiting(() => Move(version, null)).Should().ThrowAsync<NotFoundException>();
        }
    }

    [Fact]
    public async Task An_approval_that_is_withdrawn_between_the_look_and_the_move_wins()
    {
        await RegisterAsync(1);
        await ApproveAsync(1);
        var store = new TroubledStore(inner: Host.Metadata);
        await using var late = NewHost(store);
        store.Meanwhile = () => Registry.RejectAsync("delay", 1, "leaked data", Cancel);

        var move = () => late.Registry.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel);

        (await move.Should().ThrowAsync<ApprovalException>()).WithMessage("*was rejected*");
        (await Registry.FindAliasAsync("delay", "champion", Cancel)).Should().BeNull();
    }

    [Fact]
    public async Task A_version_that_comes_into_being_at_the_moment_of_the_move_is_not_taken_without_approval()
    {
        await RegisterAsync(1);
        var store = new TroubledStore(inner: Host.Metadata);
        await using var late = NewHost(store);
        var looks = 0;
        store.AfterFind = async () =>
        {
            // After the alias was read and the version looked for.
            if (++looks == 2)
            {
                await Host.RegisterAsync("delay", 2);
            }
        };

        await FluentActions.Awaiting(() => late.Registry.MoveAliasAsync("delay", "champion", 2, null, cancellationToken: Cancel)).Should().ThrowAsync<MlopsException>();
        (await Registry.FindVersionAsync("delay", 2, Cancel)).Should().NotBeNull();
        (await Registry.FindAliasAsync("delay", "champion", Cancel)).Should().BeNull();
    }

    [Fact]
    public async Task One_more_approval_between_the_look_and_the_move_does_not_disturb_it()
    {
        await RegisterAsync(1);
        await ApproveAsync(1);
        var store = new TroubledStore(inner: Host.Metadata);
        await using var late = NewHost(store);
        store.Meanwhile = () => As("eve", () => Registry.ApproveAsync("delay", 1, cancellationToken: Cancel));

        (await late.Registry.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel)).Version.Should().Be(1);
    }

    [Fact]
    public async Task Whatever_happens_at_once_no_move_is_noted_while_its_version_is_not_approved()
    {
        await RegisterAsync(2);
        await using var requester = NewHost(Open());
        await using var approver = NewHost(Open());
        await using var mover = NewHost(Open());
        (requester.Actor, approver.Actor, mover.Actor) = ("carl", "bob", "dan");
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var deciding = Enumerable.Range(1, 2).Select(version => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await requester.Registry.RequestApprovalAsync("delay", version, cancellationToken: Cancel);
                await approver.Registry.ApproveAsync("delay", version, cancellationToken: Cancel);
                await requester.Registry.RejectAsync("delay", version, cancellationToken: Cancel);
            }
        })).ToList();
        int moved = 0, refused = 0;
        for (var i = 0; (i < 200 || moved < 5 || refused < 5) && i < 20_000; i++)
        {
            try
            {
                await mover.Registry.MoveAliasAsync("delay", "champion", 1 + (i % 2), await mover.Registry.FindAliasAsync("delay", "champion", Cancel), $"try {i}", Cancel);
                moved++;
            }
            catch (Exception e) when (e is ApprovalException or ConflictException)
            {
                refused++;
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(deciding);
        moved.Should().BePositive();
        refused.Should().BePositive();
        var states = new Dictionary<int, string>();
        await foreach (var e in Registry.ListEventsAsync("delay", Cancel))
        {
            if (e.Type == "alias.moved")
            {
                states[e.Version!.Value].Should().Be("approval.approved", "of the move at {0}", e.Position);
            }
            else
            {
                states[e.Version!.Value] = e.Type;
            }
        }
    }

    protected override void Configure(RegistryOptions options)
    {
        options.RequiredApprovals["champion"] = 1;
        options.RequiredApprovals["critical"] = 2;
    }

    private async Task ApproveAsync(int version)
    {
        await Registry.RequestApprovalAsync("delay", version, cancellationToken: Cancel);
        await As("bob", () => Registry.ApproveAsync("delay", version, cancellationToken: Cancel));
    }
}
