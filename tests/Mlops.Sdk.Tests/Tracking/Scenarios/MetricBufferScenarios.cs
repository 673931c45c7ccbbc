using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>What happens to metric points when the store is lost or slow. Each store runs them.</summary>
/// <remarks>No run is disposed: where a test fails, its end would wait for a clock that stands still.</remarks>
public abstract class MetricBufferScenarios(ITrackingPlace place) : IAsyncDisposable
{
    private readonly TrackingHosts hosts = new(place);

    private static CancellationToken Token => TrackingHosts.Token;

    public async ValueTask DisposeAsync()
    {
        await hosts.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_store_that_is_lost_for_60_seconds_loses_no_point_and_keeps_their_order()
    {
        var (host, store) = hosts.AddUnreliable();
        var run = await host.Tracker.StartRunAsync("e", null, Token);
        for (var step = 0; step < 6000; step++)
        {
            if (step == 600)
            {
                store.Lost = true;
            }

            run.LogMetric("loss", -step, step, At(step));
            if (step % 100 == 99)
            {
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
        }

        await DoneAsync(host, UntilAsync(async () => await HealthAsync(host) == (HealthStatus.Degraded, "metric sink 'metadata' cannot be reached and is tried again")));
        store.Lost = false;
        await DoneAsync(host, run.FlushAsync(Token));
        (await HealthAsync(host)).Status.Should().Be(HealthStatus.Healthy);
        await run.CompleteAsync(Token);

        var points = await host.Tracker.ReadMetricAsync(run.Id, "loss", Token).ToListAsync(Token);
        points.Select(point => point.Step).Should().Equal(Enumerable.Range(0, 6000).Select(step => (long)step));
        (await host.Tracker.GetRunAsync(run.Id, Token)).Should().BeEquivalentTo(new { State = RunState.Finished, DroppedPoints = 0L });
        store.Appends.GroupBy(append => append.Step).Should().OnlyContain(batch => batch.Select(append => append.Id).Distinct().Count() == 1, "a batch is tried again under its own id, so that it counts once");
    }

    [Fact]
    public async Task A_lost_answer_applies_a_batch_and_an_end_once()
    {
        var (host, store) = hosts.AddUnreliable();
        var run = await host.Tracker.StartRunAsync("e", null, Token);
        run.LogMetric("loss", 1, 1, At(1));
        store.LoseAnswers(1);
        await DoneAsync(host, run.FlushAsync(Token));
        store.LoseAnswers(1);
        await DoneAsync(host, run.CompleteAsync(Token));

        store.Appends.Should().HaveCount(2);
        store.Appends.Distinct().Should().ContainSingle();
        var events = (await host.Store.ReadEventsAsync(new() { Subject = run.Entity }, Token)).Items;
        events.Select(e => e.Type).Should().Equal("run.started", "run.ended");
    }

    [Fact]
    public async Task A_run_that_ends_while_the_store_is_lost_ends_when_it_is_back()
    {
        var (host, store) = hosts.AddUnreliable();
        var run = await host.Tracker.StartRunAsync("e", null, Token);
        store.Lost = true;
        run.LogMetric("loss", 0.5, 1, At(1));
        var end = run.CompleteAsync(Token);
        await PassAsync(host, 60);

        end.IsCompleted.Should().BeFalse();
        store.Lost = false;
        await DoneAsync(host, end);

        var read = await host.Tracker.GetRunAsync(run.Id, Token);
        read.Should().BeEquivalentTo(new { State = RunState.Finished, DroppedPoints = 0L });
        read.Metrics["loss"].Should().Be(0.5);
    }

    [Fact]
    public async Task An_end_that_could_not_be_stored_can_be_asked_for_again()
    {
        var (host, store) = hosts.AddUnreliable();
        var run = await host.Tracker.StartRunAsync("e", null, Token);
        store.LoseAnswers(int.MaxValue);
        await FluentActions.Awaiting(() => DoneAsync(host, run.CompleteAsync(Token))).Should().ThrowAsync<MlopsException>();
        store.LoseAnswers(0);

        await run.CompleteAsync(Token);

        (await host.Tracker.GetRunAsync(run.Id, Token)).State.Should().Be(RunState.Finished);
    }

    [Fact]
    public async Task Beyond_the_bound_LogMetric_drops_and_counts_while_LogMetricsAsync_waits()
    {
        var (host, store) = hosts.AddUnreliable(null, ("BufferCapacity", "50"), ("BatchSize", "10"));
        var run = await host.Tracker.StartRunAsync("e", null, Token);
        store.Lost = true;
        for (var step = 0; step < 200; step++)
        {
            run.LogMetric("loss", step, step, At(step));
        }

        run.DroppedPoints.Should().BeInRange(130, 150, "50 wait and at most two batches are under way");
        var dropped = run.DroppedPoints;
        var waiting = run.LogMetricsAsync([.. Enumerable.Range(1000, 300).Select(step => new MetricPoint("late", step, At(step), step))], Token);
        await PassAsync(host, 60);

        waiting.IsCompleted.Should().BeFalse();
        store.Lost = false;
        await DoneAsync(host, waiting);
        await DoneAsync(host, run.CompleteAsync(Token));

        (await host.Tracker.ReadMetricAsync(run.Id, "late", Token).CountAsync(Token)).Should().Be(300);
        (await host.Tracker.GetRunAsync(run.Id, Token)).DroppedPoints.Should().Be(dropped);
        (await host.Tracker.ReadMetricAsync(run.Id, "loss", Token).CountAsync(Token)).Should().Be((int)(200 - dropped));
    }

    [Fact]
    public async Task A_store_that_stays_away_holds_nobody_up_for_longer_than_it_is_tried_again()
    {
        var (host, store) = hosts.AddUnreliable(null, ("BufferCapacity", "50"), ("BatchSize", "10"), ("RetryFor", "00:02:00"));
        var run = await host.Tracker.StartRunAsync("e", null, Token);
        store.Lost = true;
        var points = Enumerable.Range(0, 300).Select(step => new MetricPoint("loss", step, At(step), step)).ToList();

        await DoneAsync(host, run.LogMetricsAsync(points, Token));
        await DoneAsync(host, run.FlushAsync(Token));

        host.Clock.GetUtcNow().Should().BeAfter(TrackingHosts.Start.AddMinutes(2)).And.BeBefore(TrackingHosts.Start.AddMinutes(5), "the limit counts for the outage, not for each batch");
        run.DroppedPoints.Should().Be(300);
        (await HealthAsync(host)).Description.Should().Contain("'metadata' lost points");
        store.Lost = false;
        run.LogMetric("loss", 1, 1000, At(1000));
        await DoneAsync(host, run.FlushAsync(Token));
        store.Lost = true;
        run.LogMetric("loss", 1, 1001, At(1001));
        var flush = run.FlushAsync(Token);
        await PassAsync(host, 60);
        store.Lost = false;
        await DoneAsync(host, flush);
        await DoneAsync(host, run.CompleteAsync(Token));
        (await host.Tracker.ReadMetricAsync(run.Id, "loss", Token).Select(point => point.Step).ToListAsync(Token)).Should().Equal([1000L, 1001L], "the next outage is tried for as long as the first");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        (await HealthAsync(host)).Status.Should().Be(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Who_waits_for_room_is_released_by_a_token_and_by_the_end_of_the_run()
    {
        var (host, store) = hosts.AddUnreliable(null, ("BufferCapacity", "5"), ("BatchSize", "1"), ("RetryFor", "00:00:30"));
        var run = await host.Tracker.StartRunAsync("e", null, Token);
        store.Lost = true;
        var points = Enumerable.Range(0, 50).Select(step => new MetricPoint("loss", step, At(step), step)).ToList();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var cancelled = run.LogMetricsAsync(points, cancel.Token);
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => cancelled).Should().ThrowAsync<OperationCanceledException>();

        var waiting = run.LogMetricsAsync(points, Token);
        var end = run.CompleteAsync(Token);
        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<InvalidOperationException>().WithMessage($"*{run.Id}*ended*");
        store.Lost = false;
        await DoneAsync(host, end);
        await FluentActions.Awaiting(() => run.LogMetricsAsync(points, Token)).Should().ThrowAsync<InvalidOperationException>();
    }

    private static DateTimeOffset At(int step) => TrackingHosts.Start.AddMilliseconds(step);

    private static async Task PassAsync(TrackingHost host, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Token);
        }
    }

    /// <summary>Lets time pass until a task is done.</summary>
    private static async Task DoneAsync(TrackingHost host, Task task)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!task.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(task, Task.Delay(1, limit.Token));
            limit.Token.ThrowIfCancellationRequested();
        }

        await task;
    }

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        while (!await done())
        {
            await Task.Delay(1, Token);
        }
    }

    private static async Task<(HealthStatus Status, string? Description)> HealthAsync(TrackingHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "mlops-metric-sinks", Token);
        return (report.Status, report.Entries["mlops-metric-sinks"].Description);
    }
}
