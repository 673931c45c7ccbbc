using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>Runs below runs, and what their deletion hides. Each store runs them.</summary>
public abstract class RunTreeScenarios : IAsyncDisposable
{
    private readonly TrackingHosts hosts;
    private readonly Lazy<TrackingHost> host;

    protected RunTreeScenarios(ITrackingPlace place)
    {
        hosts = new(place);
        host = new(() => hosts.Add());
    }

    private static CancellationToken Token => TrackingHosts.Token;

    private IExperimentTracker Tracker => host.Value.Tracker;

    public async ValueTask DisposeAsync()
    {
        await hosts.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_child_is_listed_by_its_parent_and_linked_to_it()
    {
        var parent = await RunAsync();
        var (first, second) = (await RunAsync(parent), await RunAsync(parent));
        var grandchild = await RunAsync(second);

        (await IdsAsync(new() { Parent = parent })).Should().Equal(second, first);
        (await IdsAsync(new() { Parent = second })).Should().Equal(grandchild);
        (await Tracker.GetRunAsync(grandchild, Token)).Parent.Should().Be(second);
        (await Tracker.GetRunAsync(parent, Token)).Parent.Should().BeNull();
        (await host.Value.Store.LinksAsync(new([new EntityId("run", parent)], LinkDirection.In) { Relation = "parent" }, Token)).Items
            .Select(link => link.From.Key).Should().BeEquivalentTo(first, second);
    }

    [Fact]
    public async Task A_child_needs_a_parent_that_exists_in_its_experiment_and_is_not_deleted()
    {
        var parent = await RunAsync();

        await Starting("e", "nope").Should().ThrowAsync<NotFoundException>().WithMessage("*'nope'*");
        await Starting("other", parent).Should().ThrowAsync<ArgumentException>().WithMessage($"*'other'*{parent}*'e'*");
        await Tracker.DeleteRunAsync(parent, Token);
        await Starting("e", parent).Should().ThrowAsync<ConflictException>().WithMessage($"*{parent}*deleted*");
        (await IdsAsync(new() { Parent = parent })).Should().BeEmpty();
        (await Tracker.ListExperimentsAsync(Token).Select(experiment => experiment.Name).ToListAsync(Token)).Should().Equal("e");
    }

    [Fact]
    public async Task A_deleted_run_is_hidden_with_those_below_it_until_it_is_restored()
    {
        var (parent, other) = (await RunAsync(), await RunAsync());
        var child = await RunAsync(parent);
        var grandchild = await RunAsync(child);
        hosts.StoreClock.Advance(TimeSpan.FromHours(1));

        await Tracker.DeleteRunAsync(parent, Token);

        (await IdsAsync(new())).Should().Equal(other);
        (await IdsAsync(new() { Experiment = "e", BestBy = "auc" })).Should().Equal(other);
        (await IdsAsync(new() { Parent = parent })).Should().BeEmpty();
        (await IdsAsync(new() { Deleted = true })).Should().Equal(grandchild, child, parent);
        (await Tracker.GetRunAsync(child, Token)).Deleted.Should().Be(TrackingHosts.Start.AddHours(1), "a deleted run is still found by its id");
        await FluentActions.Awaiting(() => Tracker.ResumeRunAsync(child, Token)).Should().ThrowAsync<ConflictException>().WithMessage("*Restore*");
        await FluentActions.Awaiting(() => Tracker.RestoreRunAsync(child, Token)).Should().ThrowAsync<ConflictException>().WithMessage($"*parent*{parent}*");

        await Tracker.RestoreRunAsync(parent, Token);

        (await IdsAsync(new())).Should().Equal(grandchild, child, other, parent);
        (await IdsAsync(new() { Deleted = true })).Should().BeEmpty();
        (await Tracker.GetRunAsync(child, Token)).Deleted.Should().BeNull();
    }

    [Fact]
    public async Task What_was_deleted_singly_stays_deleted_when_its_parent_is_restored()
    {
        var parent = await RunAsync();
        var (kept, single) = (await RunAsync(parent), await RunAsync(parent));
        var below = await RunAsync(single);
        await Tracker.DeleteRunAsync(single, Token);
        await Tracker.DeleteRunAsync(parent, Token);
        await Tracker.DeleteRunAsync(kept, Token); // hidden already: changes nothing

        await Tracker.RestoreRunAsync(parent, Token);

        (await IdsAsync(new())).Should().Equal(kept, parent);
        (await IdsAsync(new() { Deleted = true })).Should().Equal(below, single);
        await Tracker.RestoreRunAsync(single, Token);
        (await IdsAsync(new())).Should().Equal(below, single, kept, parent);
    }

    [Fact]
    public async Task Deleting_and_restoring_twice_is_deleting_and_restoring_once()
    {
        var run = await RunAsync();
        await Tracker.DeleteRunAsync(run, Token);
        hosts.StoreClock.Advance(TimeSpan.FromHours(1));
        await Tracker.DeleteRunAsync(run, Token);
        (await Tracker.GetRunAsync(run, Token)).Deleted.Should().Be(TrackingHosts.Start);
        await Tracker.RestoreRunAsync(run, Token);
        await Tracker.RestoreRunAsync(run, Token);

        (await host.Value.Store.ReadEventsAsync(new() { Subject = new EntityId("run", run) }, Token)).Items.Select(e => e.Type)
            .Should().Equal("run.started", "run.ended", "run.deleted", "run.restored");
        await FluentActions.Awaiting(() => Tracker.DeleteRunAsync("nope", Token)).Should().ThrowAsync<NotFoundException>();
        await FluentActions.Awaiting(() => Tracker.RestoreRunAsync("nope", Token)).Should().ThrowAsync<NotFoundException>();
    }

    [Fact]
    public async Task A_run_that_is_deleted_while_it_is_written_loses_nothing()
    {
        await using var run = await Tracker.StartRunAsync("e", null, Token);
        await Tracker.DeleteRunAsync(run.Id, Token);
        run.LogMetric("auc", 0.9);
        await run.CompleteAsync(Token);

        await Tracker.RestoreRunAsync(run.Id, Token);

        (await Tracker.GetRunAsync(run.Id, Token)).Should().BeEquivalentTo(new { State = RunState.Finished, DroppedPoints = 0L });
    }

    [Fact]
    public async Task A_listing_takes_no_more_than_its_limit()
    {
        var ids = new List<string>();
        for (var i = 0; i < 130; i++)
        {
            ids.Insert(0, await RunAsync());
        }

        (await IdsAsync(new() { Limit = 1 })).Should().Equal(ids[..1]);
        (await IdsAsync(new() { Limit = 120 })).Should().Equal(ids[..120]);
        (await IdsAsync(new() { Limit = 500 })).Should().Equal(ids);
        await FluentActions.Awaiting(() => IdsAsync(new() { Limit = 0 })).Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    private async Task<string> RunAsync(string? parent = null)
    {
        await using var run = await Tracker.StartRunAsync("e", new() { Parent = parent }, Token);
        await run.CompleteAsync(Token);
        return run.Id;
    }

    private Func<Task> Starting(string experiment, string parent) => () => Tracker.StartRunAsync(experiment, new() { Parent = parent }, Token);

    private async Task<List<string>> IdsAsync(RunQuery query) => await Tracker.ListRunsAsync(query, Token).Select(run => run.Id).ToListAsync(Token);
}
