using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>Searching runs that the tracker itself wrote: what it writes and what the language names must be the same things.</summary>
public abstract class RunSearchScenarios(ITrackingPlace place) : IAsyncDisposable
{
    private static readonly Digest Flights = Digest.Of("flights"u8);
    private readonly TrackingHosts hosts = new(place);

    private static CancellationToken Token => TrackingHosts.Token;

    public async ValueTask DisposeAsync()
    {
        await hosts.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_name_finds_the_run_that_has_it()
    {
        var host = hosts.Add();
        await using var other = await host.Tracker.StartRunAsync("other", cancellationToken: Token);
        await using var parent = await host.Tracker.StartRunAsync("flight-delay", cancellationToken: Token);
        hosts.StoreClock.Advance(TimeSpan.FromHours(1));
        host.Clock.Advance(TimeSpan.FromHours(1));
        await using var run = await host.Tracker.StartRunAsync("flight-delay", new() { Name = "more trees", Parent = parent.Id, Inputs = [new(Flights, DatasetRole.Validation, "flights 2026")] }, Token);
        await run.LogParamsAsync(new Dictionary<string, AttributeValue> { ["trainer"] = "LightGbm", ["depth"] = 6, ["learning rate"] = 0.1 }, Token);
        await run.SetTagAsync("team", "a", Token);
        run.LogMetric("auc", 0.9);
        await run.FailAsync("out of memory", Token);
        var actor = (await host.Tracker.GetRunAsync(run.Id, Token)).Actor;

        foreach (var text in (string[])[
            $"run_id = '{run.Id}'", "run_name = 'more trees'", "experiment = 'flight-delay' and parent is not null", "status = 'FAILED'", $"user = '{actor}' and run_name is not null", "start_time >= '2026-01-01T01:00:00Z'", "end_time <= '2026-01-01T01:00Z'",
            $"parent = '{parent.Id}'", "reason like '%memory'", "last_seen > '2026-01-01T00:30:00Z' and run_name is not null", "metrics.auc > 0.8", "params.depth > 5", "params.depth = '6'", "params.`learning rate` = 0.1", "params.trainer ilike 'lightgbm'", "tags.team is not null",
            "datasets.name like 'flights%'", $"datasets.digest = '{Flights}'", "datasets.context = 'validation'"])
        {
            (await Search(host, RunQuery.Parse(text))).Should().Equal([run.Id], "it is the one with {0}", text);
        }

        (await Search(host, RunQuery.Parse("metrics.auc > 0.8 and params.depth < 6"))).Should().BeEmpty();
        (await Search(host, RunQuery.Parse("metrics.auc > 0.8") with { Experiment = "other" })).Should().BeEmpty();
        (await Search(host, new() { Filter = RunFilter.Metric("auc") > 0.8 & RunFilter.State == RunState.Failed & RunFilter.DatasetDigest == Flights })).Should().Equal(run.Id);
        (await Search(host, new() { Filter = RunFilter.Started < TrackingHosts.Start.AddMinutes(1) & RunFilter.Id != "x" })).Should().Equal(parent.Id, other.Id);
        (await host.Store.QueryAsync(EntityQuery.Parse("dataset", "name = 'flights 2026'"), Token)).Items.Should().ContainSingle();
        (await host.Store.QueryAsync(EntityQuery.Parse("experiment", "name like 'flight%'"), Token)).Items.Should().ContainSingle();
    }

    [Fact]
    public async Task An_order_puts_runs_without_the_value_last_in_both_directions()
    {
        var host = hosts.Add();
        var ids = await Runs(host, 0.5, null, 0.9, double.NaN, 0.7);

        (await Search(host, RunQuery.Parse("order by metrics.auc desc"))).Should().Equal(ids[2], ids[4], ids[0], ids[3], ids[1]);
        (await Search(host, RunQuery.Parse("order by metrics.auc asc"))).Should().Equal(ids[0], ids[4], ids[2], ids[3], ids[1]);
        (await Search(host, new() { OrderBy = RunFilter.Metric("auc").Ascending, Filter = RunFilter.Metric("auc").Exists })).Should().Equal(ids[0], ids[4], ids[2], ids[3]);
        (await Search(host, new() { BestBy = "auc", Goal = MetricGoal.Maximize, Limit = 2 })).Should().Equal(ids[2], ids[4]);
        (await Search(host, new())).Should().Equal(ids.Reverse());
        await FluentActions.Awaiting(() => Search(host, new() { BestBy = "auc", OrderBy = RunFilter.Name.Ascending })).Should().ThrowAsync<ArgumentException>().WithMessage("*not both*");
    }

    [Fact]
    public async Task Pages_hold_each_run_once_while_others_start()
    {
        var host = hosts.Add();
        var ids = await Runs(host, [.. Enumerable.Range(0, 25).Select(i => (double?)i)]);
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await host.Tracker.SearchRunsAsync(RunQuery.Parse("metrics.auc < 20 order by metrics.auc") with { Limit = 7 }, after, Token);
            page.Items.Should().OnlyContain(run => run.Params.Count == 1 && run.Metrics.ContainsKey("auc"));
            seen.AddRange(page.Items.Select(run => run.Id));
            after = page.Next;
            await Runs(host, -1);
        }
        while (after is not null);

        seen.Should().Equal(ids.Take(20));
        var first = await host.Tracker.SearchRunsAsync(new() { Limit = 1 }, cancellationToken: Token);
        await FluentActions.Awaiting(() => host.Tracker.SearchRunsAsync(RunQuery.Parse("metrics.auc > 1") with { Limit = 1 }, first.Next, Token)).Should().ThrowAsync<ArgumentException>().WithMessage("*another query*");
        await FluentActions.Awaiting(() => host.Tracker.SearchRunsAsync(new() { Limit = 1001 }, cancellationToken: Token)).Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Pages_of_abandoned_runs_mean_the_moment_of_the_first()
    {
        var host = hosts.Add();
        var running = new List<ITrackedRun>();
        for (var i = 0; i < 3; i++)
        {
            running.Add(await host.Tracker.StartRunAsync("e", cancellationToken: Token));
        }

        hosts.StoreClock.Advance(TimeSpan.FromDays(1));
        running.Add(await host.Tracker.StartRunAsync("e", cancellationToken: Token));
        var query = new RunQuery { Abandoned = true, Limit = 2 };
        var first = await host.Tracker.SearchRunsAsync(query, cancellationToken: Token);
        hosts.StoreClock.Advance(TimeSpan.FromDays(1));
        var second = await host.Tracker.SearchRunsAsync(query, first.Next, Token);

        first.Items.Concat(second.Items).Select(run => run.Id).Should().Equal(running.Take(3).Select(run => run.Id).Reverse());
        second.Next.Should().BeNull();
        await FluentActions.Awaiting(() => host.Tracker.SearchRunsAsync(query, "x", Token)).Should().ThrowAsync<ArgumentException>().WithMessage("*malformed*");
    }

    private static async Task<string[]> Runs(TrackingHost host, params double?[] values)
    {
        var ids = new List<string>();
        foreach (var value in values)
        {
            await using var run = await host.Tracker.StartRunAsync("e", cancellationToken: Token);
            await run.LogParamAsync("i", ids.Count, Token);
            if (value is { } number)
            {
                run.LogMetric("auc", number);
            }

            await run.CompleteAsync(Token);
            ids.Add(run.Id);
        }

        return [.. ids];
    }

    private static async Task<List<string>> Search(TrackingHost host, RunQuery query)
    {
        var listed = await host.Tracker.ListRunsAsync(query, Token).Select(run => run.Id).ToListAsync(Token);
        (await host.Tracker.SearchRunsAsync(query, cancellationToken: Token)).Items.Select(run => run.Id).Should().Equal(listed);
        return listed;
    }
}
