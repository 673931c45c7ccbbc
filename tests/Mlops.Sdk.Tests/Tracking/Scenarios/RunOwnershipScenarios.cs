using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>Who may write a run, and how the others see whether somebody does. Each store runs them.</summary>
public abstract class RunOwnershipScenarios(ITrackingPlace place) : IAsyncDisposable
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);
    private readonly TrackingHosts hosts = new(place);

    protected static CancellationToken Token => TrackingHosts.Token;

    public async ValueTask DisposeAsync()
    {
        await hosts.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_silent_run_is_abandoned_by_the_stores_clock_alone()
    {
        var fast = hosts.Add(TenMinutes);
        var slow = hosts.Add(-TenMinutes);
        await using var run = await fast.Tracker.StartRunAsync("e", null, Token);

        (await AbandonedAsync(fast, slow, run.Id)).Should().BeFalse("ten minutes between clocks are no silence");
        hosts.StoreClock.Advance(TimeSpan.FromSeconds(119));
        (await AbandonedAsync(fast, slow, run.Id)).Should().BeFalse();
        hosts.StoreClock.Advance(TimeSpan.FromSeconds(2));
        (await AbandonedAsync(fast, slow, run.Id)).Should().BeTrue();

        // The host is alive after all.
        fast.Clock.Advance(TimeSpan.FromSeconds(15));
        await UntilAsync(async () => (await slow.Tracker.GetRunAsync(run.Id, Token)).LastSeen == hosts.StoreClock.GetUtcNow());
        (await AbandonedAsync(fast, slow, run.Id)).Should().BeFalse();
        (await slow.Tracker.GetRunAsync(run.Id, Token)).State.Should().Be(RunState.Running);
        await run.CompleteAsync(Token);
        hosts.StoreClock.Advance(TimeSpan.FromDays(1));
        (await AbandonedAsync(fast, slow, run.Id)).Should().BeFalse("what has ended is not abandoned");
    }

    [Fact]
    public async Task A_run_that_writes_gives_no_sign_of_life_beside()
    {
        var host = hosts.Add();
        await using var run = await host.Tracker.StartRunAsync("e", null, Token);
        host.Clock.Advance(TimeSpan.FromSeconds(14));
        hosts.StoreClock.Advance(TimeSpan.FromSeconds(14));
        await run.SetTagAsync("epoch", "1", Token);
        var before = (await host.Tracker.GetRunAsync(run.Id, Token)).LastSeen;

        hosts.StoreClock.Advance(TimeSpan.FromSeconds(1));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await run.FlushAsync(Token);

        (await host.Tracker.GetRunAsync(run.Id, Token)).LastSeen.Should().Be(before);
    }

    [Fact]
    public async Task A_run_that_is_written_is_not_resumed()
    {
        var (owner, other) = (hosts.Add(), hosts.Add());
        await using var run = await owner.Tracker.StartRunAsync("e", null, Token);
        hosts.StoreClock.Advance(TimeSpan.FromSeconds(60));

        (await Resuming(other, run.Id).Should().ThrowAsync<ConflictException>()).WithMessage($"*{run.Id}*being written*60 seconds*AbandonedAfter*");
        await Resuming(other, "nope").Should().ThrowAsync<NotFoundException>().WithMessage("*'nope'*");
    }

    [Theory]
    [InlineData(RunState.Running)]
    [InlineData(RunState.Finished)]
    [InlineData(RunState.Failed)]
    [InlineData(RunState.Canceled)]
    public async Task Of_eight_who_resume_a_run_one_wins(RunState state)
    {
        var id = await EndedAsync(state);
        var all = Enumerable.Range(0, 8).Select(_ => hosts.Add()).ToList();

        var won = new System.Collections.Concurrent.ConcurrentQueue<ITrackedRun>();
        var conflicts = 0;
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (host, token) =>
        {
            try
            {
                won.Enqueue(await host.Tracker.ResumeRunAsync(id, token));
            }
            catch (ConflictException)
            {
                Interlocked.Increment(ref conflicts);
            }
        });

        conflicts.Should().Be(7);
        won.Should().ContainSingle();
        await won.Single().CompleteAsync(Token);
        (await all[0].Tracker.GetRunAsync(id, Token)).State.Should().Be(RunState.Finished);
    }

    [Fact]
    public async Task A_resumed_run_keeps_what_was_logged_and_says_who_resumed_it()
    {
        var id = await EndedAsync(RunState.Failed);
        var host = hosts.Add();
        await using var run = await host.Tracker.ResumeRunAsync(id, Token);
        (await host.Tracker.GetRunAsync(id, Token)).Should().BeEquivalentTo(new { State = RunState.Running, Ended = (DateTimeOffset?)null, Reason = (string?)null });
        run.LogMetric("loss", 0.4, 2);
        await FluentActions.Awaiting(() => run.LogParamAsync("trees", 200, Token)).Should().ThrowAsync<ConflictException>("a param stays set");
        await run.CompleteAsync(Token);

        var read = await host.Tracker.GetRunAsync(id, Token);

        read.Should().BeEquivalentTo(new { State = RunState.Finished, Experiment = "e" });
        read.Params["trees"].Should().Be((AttributeValue)100);
        (await host.Tracker.ReadMetricAsync(id, "loss", Token).Select(point => point.Value).ToListAsync(Token)).Should().Equal(0.5, 0.4);
        var events = (await host.Store.ReadEventsAsync(new() { Subject = new EntityId("run", id) }, Token)).Items;
        events.Select(e => e.Type).Should().Equal("run.started", "run.ended", "run.resumed", "run.ended");
        events.Should().OnlyContain(e => e.Actor == Environment.UserName);
    }

    [Fact]
    public async Task Who_lost_a_run_writes_nothing_any_more()
    {
        var (dead, heir) = (hosts.Add(), hosts.Add());
        await using var lost = await dead.Tracker.StartRunAsync("e", null, Token);
        hosts.StoreClock.Advance(TimeSpan.FromMinutes(3));
        await using var run = await heir.Tracker.ResumeRunAsync(lost.Id, Token);

        lost.LogMetric("loss", 1);
        await lost.FlushAsync(Token);
        Func<Task>[] writes =
        [
            () => lost.LogParamAsync("p", 1, Token),
            () => lost.SetTagAsync("t", "1", Token),
            () => lost.LogArtifactAsync("a", new MemoryStream([1]), Token),
            () => lost.CompleteAsync(Token),
            () => lost.FailAsync("no", Token),
        ];
        foreach (var write in writes)
        {
            await write.Should().ThrowAsync<ConflictException>().WithMessage($"*{lost.Id}*resumed*");
        }

        lost.DroppedPoints.Should().Be(1);
        dead.Clock.Advance(TimeSpan.FromSeconds(15));
        hosts.StoreClock.Advance(TimeSpan.FromMinutes(3));
        var read = await heir.Tracker.GetRunAsync(run.Id, Token);
        read.Should().BeEquivalentTo(new { State = RunState.Running, IsAbandoned = true }, "the lost writer's heartbeat does not count");
        (read.Params.Count, read.Tags.Count, read.Metrics.Count, read.Artifacts.ContainsKey("a")).Should().Be((0, 0, 0, false));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_neither_ends_a_run_before_its_start_nor_abandons_it()
    {
        var host = hosts.Add(TimeSpan.FromHours(2));
        await using var run = await host.Tracker.StartRunAsync("e", null, Token);
        await using var again = await hosts.Add().Tracker.ResumeRunAsync(await EndedAsync(RunState.Failed, TimeSpan.FromHours(2)), Token);

        await again.CompleteAsync(Token);

        var read = await host.Tracker.GetRunAsync(again.Id, Token);
        read.Ended.Should().Be(read.Started);
        read.LastSeen.Should().BeOnOrAfter(TrackingHosts.Start);
        (await host.Tracker.GetRunAsync(run.Id, Token)).IsAbandoned.Should().BeFalse();
    }

    /// <summary>A run with a param and a metric in a state; running means abandoned.</summary>
    private async Task<string> EndedAsync(RunState state, TimeSpan ahead = default)
    {
        var run = await hosts.Add(ahead).Tracker.StartRunAsync("e", null, Token);
        await run.LogParamAsync("trees", 100, Token);
        run.LogMetric("loss", 0.5, 1);
        await run.FlushAsync(Token);
        await (state switch
        {
            RunState.Finished => run.CompleteAsync(Token),
            RunState.Failed => run.FailAsync("out of memory", Token),
            RunState.Canceled => run.CancelAsync(null, Token),
            _ => Task.CompletedTask,
        });
        if (state == RunState.Running)
        {
            hosts.StoreClock.Advance(TimeSpan.FromMinutes(3));
        }

        return run.Id;
    }

    private static Func<Task> Resuming(TrackingHost host, string id) => () => host.Tracker.ResumeRunAsync(id, Token);

    /// <summary>What both hosts say, read singly and listed; they must agree.</summary>
    private static async Task<bool> AbandonedAsync(TrackingHost one, TrackingHost other, string id)
    {
        var said = new List<bool>();
        foreach (var host in new[] { one, other })
        {
            said.Add((await host.Tracker.GetRunAsync(id, Token)).IsAbandoned);
            said.Add(await host.Tracker.ListRunsAsync(new() { Abandoned = true }, Token).AnyAsync(run => run.Id == id, Token));
        }

        return said.Distinct().Should().ContainSingle().Subject;
    }

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await done())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
