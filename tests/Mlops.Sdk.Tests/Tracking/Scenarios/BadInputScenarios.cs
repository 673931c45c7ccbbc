using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>Names and batches that are odd or too large are kept exactly or refused with a reason; nothing in between. Each store runs them.</summary>
public abstract class BadInputScenarios : IAsyncDisposable
{
    private readonly TrackingHosts hosts;
    private readonly Lazy<TrackingHost> host;

    protected BadInputScenarios(ITrackingPlace place)
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

    [Theory]
    [InlineData("\U0001F680 été 航班")]
    [InlineData("a'b\"c`d;--%_\\")]
    [InlineData(" spaces around ")]
    public async Task An_odd_name_is_kept_to_the_letter(string name)
    {
        await using var run = await Tracker.StartRunAsync(name, new() { Name = name, Inputs = [new(Digest.Of("d"u8), DatasetRole.Training, name)] }, Token);
        await run.LogParamAsync(name, name, Token);
        await run.SetTagAsync(name, name, Token);
        run.LogMetric(name, 1);
        await run.CompleteAsync(Token);

        var read = await Tracker.ListRunsAsync(new() { Experiment = name, BestBy = name }, Token).SingleAsync(Token);

        read.Should().BeEquivalentTo(new { Experiment = name, Name = name });
        read.Params.Should().Equal(new Dictionary<string, AttributeValue> { [name] = name });
        read.Tags.Should().Equal(new Dictionary<string, string> { [name] = name });
        read.Metrics.Should().Equal(new Dictionary<string, double> { [name] = 1 });
        read.Inputs[0].Name.Should().Be(name);
        (await Tracker.ReadMetricAsync(run.Id, name, Token).CountAsync(Token)).Should().Be(1);
    }

    [Fact]
    public async Task A_name_of_200_characters_is_kept_and_a_longer_an_empty_or_a_broken_one_is_refused_and_nothing_is_written()
    {
        await using var run = await Tracker.StartRunAsync("e", null, Token);
        await run.LogParamAsync(new('x', 200), 1, Token);
        foreach (var name in new[] { "", " ", new('x', 201), new('x', 250), new('x', 10_000), "a\u0001b", "a\0b", "\ud83d" })
        {
            Func<Task>[] calls =
            [
                () => Tracker.StartRunAsync(name, null, Token),
                () => Tracker.StartRunAsync("e", new() { Name = name }, Token),
                () => Tracker.StartRunAsync("e", new() { Inputs = [new(Digest.Of("d"u8), DatasetRole.Training, name)] }, Token),
                () => run.LogParamAsync(name, 1, Token),
                () => run.SetTagAsync(name, "1", Token),
                () => run.LogMetricsAsync([new("good", 0, TrackingHosts.Start, 1), new(name, 0, TrackingHosts.Start, 1)], Token),
                () => run.LogArtifactAsync(name, new MemoryStream([1]), Token),
            ];
            foreach (var call in calls)
            {
                (await call.Should().ThrowAsync<ArgumentException>()).Which.Message.Length.Should().BeLessThan(300);
            }
        }

        await run.CompleteAsync(Token);
        var read = await Tracker.ListRunsAsync(cancellationToken: Token).SingleAsync(Token);
        (read.Params.Count, read.Tags.Count, read.Metrics.Count).Should().Be((1, 0, 0));
    }

    [Fact]
    public async Task Params_over_the_limit_are_refused_all_together()
    {
        await using var run = await Tracker.StartRunAsync("e", null, Token);
        Dictionary<string, AttributeValue> Params(int count) => Enumerable.Range(0, count).ToDictionary(i => $"p{i}", i => new AttributeValue(i));

        await FluentActions.Awaiting(() => run.LogParamsAsync(Params(1000), Token)).Should().ThrowAsync<ArgumentException>().WithMessage("1000 params*at most 999*several calls*");
        await FluentActions.Awaiting(() => run.LogParamAsync("long", new string('x', 20_000), Token)).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => run.SetTagAsync("long", new string('x', 20_000), Token)).Should().ThrowAsync<ArgumentException>();
        (await Tracker.GetRunAsync(run.Id, Token)).Params.Should().BeEmpty();
        await run.LogParamsAsync(Params(999), Token);

        (await Tracker.GetRunAsync(run.Id, Token)).Params.Should().HaveCount(999);
    }

    [Fact]
    public async Task A_batch_of_points_larger_than_the_buffer_and_out_of_order_in_time_is_kept()
    {
        var small = hosts.Add(default, ("BufferCapacity", "100"), ("BatchSize", "30"));
        await using var run = await small.Tracker.StartRunAsync("e", null, Token);

        await run.LogMetricsAsync([.. Enumerable.Range(0, 5000).Select(i => new MetricPoint("loss", -i, TrackingHosts.Start.AddHours(-i), i))], Token);
        await run.CompleteAsync(Token);

        var read = await Tracker.GetRunAsync(run.Id, Token);
        read.Metrics["loss"].Should().Be(0, "the greatest step is the latest");
        (await Tracker.ReadMetricAsync(run.Id, "loss", Token).CountAsync(Token)).Should().Be(5000);
        read.DroppedPoints.Should().Be(0);
    }
}
