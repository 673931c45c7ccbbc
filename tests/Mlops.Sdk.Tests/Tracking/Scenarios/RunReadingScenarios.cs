using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>Best run, comparison and thinned history. Each store runs them.</summary>
public abstract class RunReadingScenarios : IAsyncDisposable
{
    private readonly TrackingHosts hosts;
    private readonly Lazy<TrackingHost> host;

    protected RunReadingScenarios(ITrackingPlace place)
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
    public async Task The_best_run_is_finished_and_has_a_number_by_the_goal()
    {
        (await Tracker.FindBestRunAsync("e", "auc", MetricGoal.Maximize, Token)).Should().BeNull();
        await RunAsync(("auc", double.NaN));
        await RunAsync(("loss", 0.1));
        (await Tracker.FindBestRunAsync("e", "auc", MetricGoal.Maximize, Token)).Should().BeNull("NaN never wins");
        (await Tracker.FindBestRunAsync("e", "auc", MetricGoal.Minimize, Token)).Should().BeNull("NaN never wins");
        var (worst, best) = (await RunAsync(("auc", 0.6)), await RunAsync(("auc", 0.9)));
        var deleted = await RunAsync(("auc", 0.99));
        await Tracker.DeleteRunAsync(deleted, Token);
        await using var running = await Tracker.StartRunAsync("e", null, Token);
        running.LogMetric("auc", 1.0);
        await running.FlushAsync(Token);

        (await Tracker.FindBestRunAsync("e", "auc", MetricGoal.Maximize, Token))!.Id.Should().Be(best);
        (await Tracker.FindBestRunAsync("e", "auc", MetricGoal.Minimize, Token))!.Id.Should().Be(worst);
        (await Tracker.FindBestRunAsync("other", "auc", MetricGoal.Maximize, Token)).Should().BeNull();
    }

    [Fact]
    public async Task Runs_stand_side_by_side_with_what_differs_and_the_best_by_goal()
    {
        var (january, may) = (Digest.Of("january"u8), Digest.Of("may"u8));
        var a = await RunAsync(run => run.LogParamsAsync(new Dictionary<string, AttributeValue> { ["trees"] = 100, ["trainer"] = "fasttree", ["rate"] = double.NaN }, Token), [new(january, DatasetRole.Training, "flights")], ("auc", 0.7), ("loss", double.NaN));
        var b = await RunAsync(run => run.LogParamsAsync(new Dictionary<string, AttributeValue> { ["trees"] = "100", ["trainer"] = "fasttree", ["rate"] = double.NaN }, Token), [new(may, DatasetRole.Training, "flights"), new(may, DatasetRole.Test, "may")], ("auc", 0.9), ("loss", 0.2));
        var c = await RunAsync(run => run.LogParamAsync("depth", 6, Token), [new(january, DatasetRole.Training, "flights"), new(may, DatasetRole.Training, "flights")], ("auc", 0.9));

        var compared = await Tracker.CompareRunsAsync([b, a, c], new Dictionary<string, MetricGoal> { ["auc"] = MetricGoal.Maximize, ["loss"] = MetricGoal.Minimize }, Token);

        compared.Runs.Select(run => run.Id).Should().Equal(b, a, c);
        compared.Params.Select(row => (row.Name, row.Differs)).Should().Equal(("depth", true), ("rate", true), ("trainer", true), ("trees", true));
        compared.Params[3].Values.Should().Equal(new AttributeValue?[] { "100", 100, null });
        compared.Metrics.Should().BeEquivalentTo(
            [
                new ComparedMetric("auc", [0.9, 0.7, 0.9], MetricGoal.Maximize, 0),
                new ComparedMetric("loss", [0.2, double.NaN, null], MetricGoal.Minimize, 0),
            ],
            options => options.WithStrictOrdering());
        compared.Datasets.Select(row => row.Name).Should().Equal("test: may", "training: flights");
        compared.Datasets[0].Values.Should().Equal(new AttributeValue?[] { may.ToString(), null, null });
        compared.Datasets[1].Values.Should().Equal(new AttributeValue?[] { may.ToString(), january.ToString(), string.Join(' ', new[] { january.ToString(), may.ToString() }.Order(StringComparer.Ordinal)) });
        compared.Code.Should().BeEmpty("code is not captured here");
        compared.Environment.Where(row => row.Name != "packages").Should().OnlyContain(row => !row.Differs, "assemblies are loaded when they are needed, the rest is one process").And.HaveCount(4);

        var two = await Tracker.CompareRunsAsync([a, b], null, Token);
        two.Params.Where(row => row.Differs).Select(row => row.Name).Should().Equal(["trees"], "NaN is NaN, but the text 100 is not the number");
        two.Metrics.Should().OnlyContain(row => row.Best == null);
        (await Tracker.CompareRunsAsync([a, a], new Dictionary<string, MetricGoal> { ["loss"] = MetricGoal.Minimize }, Token)).Metrics[1].Best.Should().BeNull("NaN never wins");
    }

    [Fact]
    public async Task A_comparison_takes_runs_that_exist_and_at_least_two()
    {
        var a = await RunAsync(("auc", 1));

        await FluentActions.Awaiting(() => Tracker.CompareRunsAsync([a, "nope"], null, Token)).Should().ThrowAsync<NotFoundException>().WithMessage("*'nope'*");
        await FluentActions.Awaiting(() => Tracker.CompareRunsAsync([a], null, Token)).Should().ThrowAsync<ArgumentException>().WithMessage("*2 to 100*");
    }

    [Fact]
    public async Task A_long_history_is_thinned_out_and_keeps_its_extremes()
    {
        await using var run = await Tracker.StartRunAsync("e", null, Token);
        await run.LogMetricsAsync([.. Enumerable.Range(0, 20_000).Select(step => new MetricPoint("loss", step, TrackingHosts.Start, step switch { 777 => 50, 12_345 => double.NaN, _ => 1.0 / (step + 1) }))], Token);
        await run.FlushAsync(Token);

        var sample = await Tracker.SampleMetricAsync(run.Id, "loss", 200, Token);

        sample.Should().HaveCountLessThanOrEqualTo(200).And.HaveCountGreaterThan(20);
        sample.Select(point => point.Step).Should().StartWith(0).And.EndWith(19_999).And.Contain([777, 12_345]);
        sample.Should().OnlyContain(point => point.Key == "loss");
        (await Tracker.SampleMetricAsync(run.Id, "none", cancellationToken: Token)).Should().BeEmpty();
        await FluentActions.Awaiting(() => Tracker.SampleMetricAsync(run.Id, "loss", 9, Token)).Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    private Task<string> RunAsync(params (string Metric, double Value)[] metrics) => RunAsync(_ => Task.CompletedTask, [], metrics);

    private async Task<string> RunAsync(Func<ITrackedRun, Task> log, DatasetInput[] inputs, params (string Metric, double Value)[] metrics)
    {
        await using var run = await Tracker.StartRunAsync("e", new() { Inputs = inputs }, Token);
        await log(run);
        foreach (var (metric, value) in metrics)
        {
            run.LogMetric(metric, value);
        }

        await run.CompleteAsync(Token);
        return run.Id;
    }
}
