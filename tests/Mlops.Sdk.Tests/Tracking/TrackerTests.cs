using System.Text;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tests.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking;

public sealed class TrackerTests : IAsyncDisposable
{
    private static readonly Digest Data = Digest.Of("flights"u8);
    private readonly TrackingBench bench = new();

    private static CancellationToken Token => TrackingBench.Token;

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task A_run_is_read_as_it_was_written()
    {
        DatasetInput[] inputs = [new(Data, DatasetRole.Training, "flights January to April", 430_000), new(Digest.Of("may"u8), DatasetRole.Test, "flights Mai ✈")];
        await using var run = await bench.Tracker.StartRunAsync("flight-delay", new() { Name = "first try", Inputs = inputs }, Token);
        await run.LogParamAsync("trainer", "fasttree", Token);
        await run.LogParamAsync("trees", 100, Token);
        run.LogMetric("auc", 0.71, step: 1);
        await run.SetTagAsync("team", "ops", Token);
        await run.SetTagAsync("gone", "soon", Token);
        await run.SetTagAsync("gone", null, Token);
        var artifact = await run.LogArtifactAsync("plots/roc.svg", new MemoryStream("<svg/>"u8.ToArray()), Token);
        (await bench.Tracker.GetRunAsync(run.Id, Token)).Should().BeEquivalentTo(new { State = RunState.Running, Ended = (DateTimeOffset?)null });
        await run.CompleteAsync(Token);

        var read = await bench.Tracker.GetRunAsync(run.Id, Token);

        read.Should().BeEquivalentTo(new { run.Id, Experiment = "flight-delay", Name = "first try", State = RunState.Finished, Reason = (string?)null, DroppedPoints = 0L, Code = (CodeVersion?)null });
        read.Params.Should().BeEquivalentTo(new Dictionary<string, AttributeValue> { ["trainer"] = "fasttree", ["trees"] = 100 });
        read.Tags.Should().BeEquivalentTo(new Dictionary<string, string> { ["team"] = "ops" });
        read.Metrics.Should().BeEquivalentTo(new Dictionary<string, double> { ["auc"] = 0.71 });
        read.Artifacts["plots/roc.svg"].Should().Be(artifact);
        read.Inputs.Should().Equal(inputs);
        read.Ended.Should().BeOnOrAfter(read.Started.AddMilliseconds(-1));
        read.Environment.Cores.Should().Be(Environment.ProcessorCount);
        Encoding.UTF8.GetString(await bench.ReadAsync(read.Artifacts[RunEnvironment.PackagesPath].Digest)).Should().Contain("\"Mlops.Sdk\":\"");
    }

    [Fact]
    public async Task A_param_is_set_once_and_a_conflict_names_both_values_and_changes_nothing()
    {
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        await run.LogParamAsync("trainer", "fasttree", Token);
        await run.LogParamAsync("trainer", "fasttree", Token);

        var change = () => run.LogParamsAsync(new Dictionary<string, AttributeValue> { ["new"] = 1, ["trainer"] = "lbfgs" }, Token);

        (await change.Should().ThrowAsync<ConflictException>()).Which.Message.Should().Contain("'trainer'").And.Contain("'fasttree'").And.Contain("'lbfgs'");
        (await bench.Tracker.GetRunAsync(run.Id, Token)).Params.Should().BeEquivalentTo(new Dictionary<string, AttributeValue> { ["trainer"] = "fasttree" });
    }

    [Fact]
    public async Task The_text_1_and_the_number_1_are_different_params()
    {
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        await run.LogParamAsync("p", "1", Token);

        await FluentActions.Awaiting(() => run.LogParamAsync("p", 1, Token)).Should().ThrowAsync<ConflictException>();
    }

    [Fact]
    public async Task Metrics_keep_their_history_and_the_latest_step_wins()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        run.LogMetric("loss", 0.5, 2, start.AddSeconds(2));
        run.LogMetric("loss", double.NaN, 3, start.AddSeconds(3));
        run.LogMetric("loss", double.PositiveInfinity, 1, start.AddSeconds(1));
        run.LogMetric("state", 7, 0, start); // a name that tracking itself uses
        await run.FlushAsync(Token);

        var history = await bench.Tracker.ReadMetricAsync(run.Id, "loss", Token).ToListAsync(Token);
        var read = await bench.Tracker.GetRunAsync(run.Id, Token);

        history.Select(point => (point.Key, point.Step, point.Timestamp, point.Value)).Should().Equal(
            ("loss", 1L, start.AddSeconds(1), double.PositiveInfinity), ("loss", 2L, start.AddSeconds(2), 0.5), ("loss", 3L, start.AddSeconds(3), double.NaN));
        read.Metrics["loss"].Should().Be(double.NaN);
        read.Metrics["state"].Should().Be(7);
        read.State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task A_run_that_an_exception_leaves_is_failed()
    {
        var id = "";
        var train = async () =>
        {
            await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
            id = run.Id;
            run.LogMetric("loss", 1);
            throw new TimeoutException("training");
        };

        await train.Should().ThrowAsync<TimeoutException>();

        var read = await bench.Tracker.GetRunAsync(id, Token);
        read.State.Should().Be(RunState.Failed);
        read.Reason.Should().Contain("disposed before CompleteAsync");
        read.Metrics["loss"].Should().Be(1, "what was logged before is kept");
    }

    [Fact]
    public async Task A_store_that_breaks_at_the_end_does_not_hide_why_training_failed()
    {
        var store = new TroubledStore();
        await using var broken = new TrackingBench(mlops => mlops.UseMetadataStore(_ => store));
        var train = async () =>
        {
            await using var run = await broken.Tracker.StartRunAsync("e", null, Token);
            store.Meanwhile = () => throw new System.Data.DataException("a store of somebody else throws what it likes");
            throw new TimeoutException("training");
        };

        await train.Should().ThrowAsync<TimeoutException>();
    }

    [Fact]
    public async Task A_run_fails_or_is_canceled_with_a_reason()
    {
        await using var failed = await bench.Tracker.StartRunAsync("e", null, Token);
        await using var canceled = await bench.Tracker.StartRunAsync("e", null, Token);

        await failed.FailAsync("out of memory\0" + new string('x', 9000), Token);
        await canceled.CancelAsync(null, Token);

        (await bench.Tracker.GetRunAsync(failed.Id, Token)).Reason.Should().StartWith("out of memory ").And.HaveLength(4000);
        (await bench.Tracker.GetRunAsync(canceled.Id, Token)).Should().BeEquivalentTo(new { State = RunState.Canceled, Reason = (string?)null });
    }

    [Fact]
    public async Task A_run_that_has_ended_takes_nothing_more()
    {
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        await run.CompleteAsync(Token);

        FluentActions.Invoking(() => run.LogMetric("loss", 1)).Should().Throw<InvalidOperationException>().WithMessage($"*{run.Id}*Start another run.");
        await FluentActions.Awaiting(() => run.LogParamAsync("p", 1, Token)).Should().ThrowAsync<InvalidOperationException>();
        await FluentActions.Awaiting(() => run.FailAsync("late", Token)).Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task A_run_that_somebody_else_ended_is_not_finished()
    {
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        await bench.Store.CommitAsync(new(MlopsId.New(), "reaper", [new Change.Set(run.Entity, "state", "failed")]), Token);

        (await FluentActions.Awaiting(() => run.CompleteAsync(Token)).Should().ThrowAsync<ConflictException>()).Which.Message.Should().Contain("it is failed already");
    }

    [Fact]
    public async Task Many_runs_of_a_new_experiment_may_start_at_once()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 32), Token, async (_, token) =>
        {
            await using var run = await bench.Tracker.StartRunAsync("new", new() { Inputs = [new(Data, DatasetRole.Training, "d")] }, token);
            await run.CompleteAsync(token);
        });

        (await bench.Tracker.ListExperimentsAsync(Token).ToListAsync(Token)).Should().ContainSingle().Which.Name.Should().Be("new");
        (await bench.Tracker.ListRunsAsync(new() { State = RunState.Finished }, Token).ToListAsync(Token)).Should().HaveCount(32);
    }

    [Fact]
    public async Task Runs_are_found_by_experiment_and_state_and_ordered_by_a_metric()
    {
        foreach (var (experiment, auc) in new[] { ("a", 0.6), ("a", 0.9), ("b", 1.0), ("a", double.NaN), ("a", 0.7) })
        {
            await using var run = await bench.Tracker.StartRunAsync(experiment, null, Token);
            run.LogMetric("auc", auc);
            await run.CompleteAsync(Token);
        }

        await using var running = await bench.Tracker.StartRunAsync("a", null, Token);

        (await Auc(new() { Experiment = "a", BestBy = "auc" })).Should().Equal(0.9, 0.7, 0.6, double.NaN, null);
        (await Auc(new() { Experiment = "a", State = RunState.Finished, BestBy = "auc", Goal = MetricGoal.Minimize })).Should().Equal(0.6, 0.7, 0.9, double.NaN);
        (await Auc(new())).Should().Equal(null, 0.7, double.NaN, 1.0, 0.9, 0.6);

        async Task<List<double?>> Auc(RunQuery query) =>
            await bench.Tracker.ListRunsAsync(query, Token).Select(run => run.Metrics.TryGetValue("auc", out var auc) ? auc : default(double?)).ToListAsync(Token);
    }

    [Fact]
    public async Task A_listing_does_not_end_at_a_page()
    {
        for (var i = 0; i < 230; i++)
        {
            await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
        }

        (await bench.Tracker.ListRunsAsync(cancellationToken: Token).CountAsync(Token)).Should().Be(230);
    }

    [Fact]
    public async Task What_a_run_used_and_made_is_one_step_away_in_the_lineage_graph()
    {
        await using var run = await bench.Tracker.StartRunAsync("e", new() { Inputs = [new(Data, DatasetRole.Validation, "flights", 5)] }, Token);
        var artifact = await run.LogArtifactAsync("report.json", new MemoryStream("{}"u8.ToArray()), Token);

        var links = (await bench.Store.LinksAsync(new([run.Entity], LinkDirection.Out), Token)).Items;

        links.Select(link => (link.Relation, link.To)).Should().Contain(
            [("experiment", new EntityId("experiment", "e")), ("input.validation", new EntityId("dataset", Data.ToString())), ("artifact", new EntityId("artifact", artifact.Digest.ToString()))]);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("C:/x")]
    [InlineData("./a")]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task An_odd_artifact_path_is_refused(string path)
    {
        await using var run = await bench.Tracker.StartRunAsync("e", null, Token);

        await FluentActions.Awaiting(() => run.LogArtifactAsync(path, new MemoryStream(), Token)).Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task An_unknown_run_is_null_or_an_exception_that_names_it()
    {
        (await bench.Tracker.FindRunAsync("nope", Token)).Should().BeNull();
        await FluentActions.Awaiting(() => bench.Tracker.GetRunAsync("nope", Token)).Should().ThrowAsync<NotFoundException>().WithMessage("*'nope'*");
    }

    [Fact]
    public async Task Environment_variables_are_never_recorded()
    {
        const string secret = "s3cr3t-7f1c";
        Environment.SetEnvironmentVariable("MLOPS_TEST_SECRET", secret);
        try
        {
            await using var run = await bench.Tracker.StartRunAsync("e", null, Token);
            await run.CompleteAsync(Token);

            var entity = (await bench.Store.FindAsync([run.Entity], EntityParts.Body | EntityParts.Attributes, Token))[0]!;
            var stored = new StringBuilder(Encoding.UTF8.GetString(entity.Body.Bytes.Span)).AppendJoin(' ', entity.Attributes!.Values);
            await foreach (var artifact in bench.Artifacts.ListAsync(Token))
            {
                stored.Append(Encoding.UTF8.GetString(await bench.ReadAsync(artifact.Digest)));
            }

            stored.ToString().Should().NotContain(secret).And.NotContain("MLOPS_TEST_SECRET");
        }
        finally
        {
            Environment.SetEnvironmentVariable("MLOPS_TEST_SECRET", null);
        }
    }
}
