using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;
using static Mlops.Sdk.StoreWorker.Workload;

namespace Mlops.Sdk.StoreWorker;

/// <summary>Compares what a store holds with what workers were told.</summary>
public static class StoreCheck
{
    /// <summary>Everything acknowledged is there once, and everything that is there is whole.</summary>
    /// <param name="host">The store, opened anew.</param>
    /// <param name="acknowledged">What the workers were told.</param>
    /// <param name="complete">Whether every worker came to its end: then nothing but the acknowledged is there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task CheckAsync(StoreHost host, Acknowledgements acknowledged, bool complete, CancellationToken cancellationToken)
    {
        await RunsAsync(host, acknowledged, complete, cancellationToken);
        var versions = await VersionsAsync(host, acknowledged, complete, cancellationToken);
        var aliases = await host.Registry.ListAliasesAsync(Model, cancellationToken).ToListAsync(cancellationToken);
        aliases.Select(alias => alias.Alias).Should().Contain(acknowledged.Moves.Select(move => move.Alias).Distinct());
        foreach (var alias in aliases)
        {
            versions.Should().Contain(alias.Version, "alias {0} points at it", alias.Alias);
            await AliasAsync(host, alias, acknowledged, complete, cancellationToken);
        }

        await FeedAsync(host, cancellationToken);
    }

    private static async Task RunsAsync(StoreHost host, Acknowledgements acknowledged, bool complete, CancellationToken cancellationToken)
    {
        var (runs, parameters, points, ended) = (acknowledged.Runs, acknowledged.Params, acknowledged.Points, acknowledged.Ended);
        var stored = await host.Tracker.ListRunsAsync(new() { Experiment = ExperimentName }, cancellationToken).ToListAsync(cancellationToken);
        stored.Select(run => run.Id).Should().OnlyHaveUniqueItems().And.Contain(runs.Keys);
        if (complete)
        {
            stored.Should().HaveCount(runs.Count);
        }

        foreach (var run in stored)
        {
            var steps = await host.Tracker.ReadMetricAsync(run.Id, Metric, cancellationToken).Select(point => (int)point.Step).ToListAsync(cancellationToken);
            var least = points.GetValueOrDefault(run.Id);
            steps.Should().Equal(Enumerable.Range(0, steps.Count), "run {0} has no point twice and none is missing", run.Id);
            steps.Count.Should().BeGreaterThanOrEqualTo(least, "so many points of run {0} were acknowledged", run.Id);
            if (steps.Count > 0)
            {
                run.Metrics[Metric].Should().Be((steps.Count - 1) / 2.0, "it is the latest of {0}", run.Id);
            }

            if (parameters.TryGetValue(run.Id, out var name))
            {
                run.Params["name"].Should().Be((AttributeValue)name);
            }

            if (ended.Contains(run.Id))
            {
                run.State.Should().Be(RunState.Finished);
                run.DroppedPoints.Should().Be(0);
            }
        }
    }

    private static async Task<HashSet<int>> VersionsAsync(StoreHost host, Acknowledgements acknowledged, bool complete, CancellationToken cancellationToken)
    {
        var versions = await host.Registry.ListVersionsAsync(Model, cancellationToken).Select(version => version.Version).ToListAsync(cancellationToken);
        versions.Should().Equal(Enumerable.Range(1, versions.Count).Reverse(), "numbers have no gap and none is used twice");
        acknowledged.Versions.Should().OnlyHaveUniqueItems().And.BeSubsetOf(versions);
        if (complete)
        {
            versions.Should().HaveCount(acknowledged.Versions.Count);
        }

        var events = await host.Registry.ListEventsAsync(Model, cancellationToken).Where(e => e.Type == "version.registered").ToListAsync(cancellationToken);
        events.Select(e => e.Version).Should().Equal(Enumerable.Range(1, versions.Count).Select(n => (int?)n), "each version was announced once, in the order of the numbers");
        return [.. versions];
    }

    /// <summary>Moves are compare-and-set, so the history of an alias is linearizable exactly when the stored moves are one chain and every acknowledged move is the link of the chain that its revision names.</summary>
    private static async Task AliasAsync(StoreHost host, ModelAlias alias, Acknowledgements acknowledged, bool complete, CancellationToken cancellationToken)
    {
        var history = await host.Registry.ListAliasHistoryAsync(Model, alias.Alias, cancellationToken).ToListAsync(cancellationToken);
        history.Select(move => move.Previous).Should().Equal(history.SkipLast(1).Select(move => move.Version).Prepend(null), "each move of {0} starts where the one before ended", alias.Alias);
        history.Select(move => move.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        history.Select(move => move.At).Should().BeInAscendingOrder();
        history[^1].Version.Should().Be(alias.Version, "the last move of {0} is where it points", alias.Alias);

        history.Should().HaveCount((int)alias.Revision);

        var moves = acknowledged.Moves.Where(move => move.Alias == alias.Alias).ToList();
        moves.Select(move => move.Revision).Should().OnlyHaveUniqueItems();
        moves.Should().OnlyContain(move => history[move.Revision - 1].Version == move.To && (history[move.Revision - 1].Previous ?? 0) == move.From);
        if (complete)
        {
            moves.Should().HaveCount(history.Count);
        }

        var links = await host.Store.LinksAsync(new([new("alias", $"{Model}/{alias.Alias}")], LinkDirection.Out) { Relation = "version" }, cancellationToken);
        links.Items.Should().ContainSingle().Which.To.Should().Be(new EntityId("model-version", $"{Model}/{alias.Version}"), "its link moved with it");
    }

    private static async Task FeedAsync(StoreHost host, CancellationToken cancellationToken)
    {
        var events = new List<StoredEvent>();
        while (await host.Store.ReadEventsAsync(new() { AfterPosition = events.LastOrDefault()?.Position ?? 0, Limit = 1000 }, cancellationToken) is { Items.Count: > 0 } page)
        {
            events.AddRange(page.Items);
        }

        events.Select(e => e.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        events.Where(e => e.Type == "run.started").Select(e => e.Subject).Should().OnlyHaveUniqueItems("a run starts once");
    }
}
