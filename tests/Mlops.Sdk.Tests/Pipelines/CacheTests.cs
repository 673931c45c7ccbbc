using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Tests.Pipelines;

public sealed class CacheTests
{
    private static readonly TrainOptions Options = new("ord", "a", "b", "c");

    [Fact]
    public async Task A_second_run_executes_nothing_and_gives_the_same()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Train>());

        var first = await host.Runner<Train>().RunAsync(Options, cancellationToken: TestContext.Current.CancellationToken);
        var second = await host.Runner<Train>().RunAsync(Options, cancellationToken: TestContext.Current.CancellationToken);

        first.Should().BeEquivalentTo(new { StepsExecuted = 4, StepsCached = 0 });
        second.Should().BeEquivalentTo(new { StepsExecuted = 0, StepsCached = 4 });
        second.Output.Should().Equal(first.Output);
        host.Journal.Ran.Should().BeEquivalentTo("load", "fit a", "fit b", "fit c");
        host.Logs.Lines.Should().NotContain(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
        (await host.StatesAsync("pipeline-run")).Should().Equal("finished", "finished");
        (await host.StatesAsync("step-attempt")).Should().Equal("finished", "finished", "finished", "finished", "cached", "cached", "cached", "cached");
    }

    [Fact]
    public async Task Another_seed_another_input_and_another_declared_version_are_other_keys()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Train>());
        await host.Runner<Train>().RunAsync(Options, cancellationToken: TestContext.Current.CancellationToken);

        var seed = await host.Runner<Train>().RunAsync(Options, new() { Seed = 2 }, TestContext.Current.CancellationToken);
        var input = await host.Runner<Train>().RunAsync(Options with { Trainers = ["a", "d"] }, cancellationToken: TestContext.Current.CancellationToken);
        var note = await host.Runner<Train>().RunAsync(Options with { Note = "the same steps" }, cancellationToken: TestContext.Current.CancellationToken);

        seed.StepsExecuted.Should().Be(4);
        seed.Output[0].Score.Should().NotBe(input.Output[0].Score);
        input.Should().BeEquivalentTo(new { StepsExecuted = 1, StepsCached = 2 });
        note.StepsExecuted.Should().Be(0);
    }

    [Fact]
    public async Task A_cached_attempt_is_linked_to_its_origin_and_every_attempt_to_its_run()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Train>());
        await host.Runner<Train>().RunAsync(new TrainOptions("ord"), cancellationToken: TestContext.Current.CancellationToken);
        await host.Runner<Train>().RunAsync(new TrainOptions("ord"), cancellationToken: TestContext.Current.CancellationToken);

        var attempts = await host.AllAsync("step-attempt");
        var runs = await host.AllAsync("pipeline-run");
        var links = (await host.Metadata.LinksAsync(new LinkQuery([.. attempts.Select(a => a.Id)], LinkDirection.Out), TestContext.Current.CancellationToken)).Items;

        attempts.Select(a => a.Id.Key).Should().Equal("Train/1/load[1]/1", "Train/2/load[1]/1");
        links.Should().BeEquivalentTo([
            new Link(attempts[0].Id, "part-of", runs[0].Id),
            new Link(attempts[1].Id, "part-of", runs[1].Id),
            new Link(attempts[1].Id, "cached-from", attempts[0].Id)]);
    }

    [Fact]
    public async Task Artifacts_that_go_in_and_out_are_linked_in_the_changeset_of_the_outcome()
    {
        await using var host = Calling<ArtifactRef, ArtifactRef>(async (input, _, token) => input);
        var artifact = await host.Artifacts.PutAsync(new MemoryStream([1, 2, 3]), TestContext.Current.CancellationToken);
        await RunAsync<ArtifactRef, ArtifactRef>(host, artifact);

        var attempt = (await host.AllAsync("step-attempt")).Single();
        var links = (await host.Metadata.LinksAsync(new LinkQuery([attempt.Id], LinkDirection.Out), TestContext.Current.CancellationToken)).Items;

        links.Select(l => (l.Relation, l.To.Kind)).Should().BeEquivalentTo([("part-of", "pipeline-run"), ("used", "artifact"), ("produced", "artifact")]);
    }

    [Fact]
    public async Task Null_and_empty_outputs_are_cached_values()
    {
        var ran = 0;
        await using var host = Calling<int, string?>((input, _, _) =>
        {
            ran++;
            return Task.FromResult(input == 0 ? null : "");
        });

        foreach (var expected in (string?[])[null, "", null, ""])
        {
            (await RunAsync<int, string?>(host, expected is null ? 0 : 1)).Should().Be(expected);
        }

        ran.Should().Be(2);
    }

    [Fact]
    public async Task A_failure_is_never_cached()
    {
        var ran = 0;
        await using var host = Calling<int, int>((input, _, _) => ++ran == 1 ? throw new InvalidOperationException("no luck") : Task.FromResult(input));

        var first = () => RunAsync<int, int>(host, 5);

        await first.Should().ThrowAsync<StepFailedException>();
        (await RunAsync<int, int>(host, 5)).Should().Be(5);
        (await host.AllAsync("step-result")).Should().ContainSingle();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    public async Task A_corrupted_output_is_a_miss_that_is_reported_and_replaced(int length)
    {
        var ran = 0;
        await using var host = Calling<int, string>((input, _, _) =>
        {
            ran++;
            return Task.FromResult(new string('x', input));
        });
        await RunAsync<int, string>(host, length);
        var result = (await host.AllAsync("step-result")).Single();
        var body = System.Text.Encoding.UTF8.GetString(result.Body.Bytes.Span);
        if (length == 100)
        {
            body.Should().Contain("xx");
            await CommitAsync(host, new Change.Put(result.Id, result.Revision, new(1, System.Text.Encoding.UTF8.GetBytes(body.Replace("xx", "xy", StringComparison.Ordinal)))));
        }
        else
        {
            await foreach (var artifact in host.Artifacts.ListAsync(TestContext.Current.CancellationToken))
            {
                await host.Artifacts.DeleteAsync(artifact.Digest, TestContext.Current.CancellationToken);
            }
        }

        (await RunAsync<int, string>(host, length)).Should().HaveLength(length).And.NotContain("y");
        ran.Should().Be(2);
        host.Logs.Lines.Should().ContainSingle(line => line.Id == 3021);
        await RunAsync<int, string>(host, length);
        ran.Should().Be(2, "the right bytes were stored again");
    }

    [Fact]
    public async Task A_cached_output_whose_artifact_is_gone_or_damaged_is_a_miss()
    {
        var ran = 0;
        PipelineHost? self = null;
        await using var host = self = Calling<int, ArtifactRef>(async (input, _, token) =>
        {
            ran++;
            return await self!.Artifacts.PutAsync(new MemoryStream([1, 2, 3]), token);
        });
        var artifact = await RunAsync<int, ArtifactRef>(host, 1);
        await host.Artifacts.DeleteAsync(artifact.Digest, TestContext.Current.CancellationToken);

        (await RunAsync<int, ArtifactRef>(host, 1)).Should().Be(artifact);
        (await host.Artifacts.FindAsync(artifact.Digest, TestContext.Current.CancellationToken)).Should().NotBeNull();
        ran.Should().Be(2);
    }

    [Fact]
    public async Task Of_two_executions_of_one_key_the_first_commit_wins_and_the_second_takes_it()
    {
        var both = new TaskCompletionSource();
        var entered = 0;
        await using var host = Calling<int, Guid>(async (_, _, token) =>
        {
            if (Interlocked.Increment(ref entered) == 2)
            {
                both.SetResult();
            }

            await both.Task.WaitAsync(token);
            return MlopsId.New();
        });
        var runs = await Task.WhenAll(RunAsync<int, Guid>(host, 1), RunAsync<int, Guid>(host, 1));

        runs[0].Should().Be(runs[1]);
        (await host.StatesAsync("step-attempt")).Should().BeEquivalentTo("finished", "cached");
        (await host.AllAsync("step-result")).Should().ContainSingle();
        host.Logs.Lines.Should().ContainSingle(line => line.Id == 3023, "the step was not reproducible");
    }

    [Fact]
    public async Task What_has_no_canonical_encoding_is_never_cached_and_says_once_what_to_do()
    {
        var ran = 0;
        await using var host = Calling<Unkeyed, int>((_, _, _) => Task.FromResult(++ran));

        await RunAsync<Unkeyed, int>(host, new(1, Stream.Null));
        await RunAsync<Unkeyed, int>(host, new(1, Stream.Null));

        ran.Should().Be(2);
        host.Logs.Lines.Where(line => line.Id == 3020).Should().ContainSingle()
            .Which.Text.Should().Contain("Content of type Stream").And.Contain("artifact store");
    }

    [Fact]
    public async Task Every_attempt_gets_a_copy_of_the_input_and_the_pipeline_what_was_stored()
    {
        List<int> mine = [1, 2];
        await using var host = Calling<List<int>, List<int>>((input, _, _) =>
        {
            input.Add(3);
            return Task.FromResult(input);
        });

        var output = await RunAsync<List<int>, List<int>>(host, mine);

        mine.Should().Equal(1, 2);
        output.Should().Equal(1, 2, 3);
    }

    internal static PipelineHost Calling<TIn, TOut>(Func<TIn, StepContext, CancellationToken, Task<TOut>> body, Action<PipelineBuilder>? configure = null, Action<MlopsBuilder>? more = null) =>
        new(mlops =>
        {
            mlops.Services.AddSingleton(body);
            mlops.Services.AddSingleton<Slot<TIn, TOut>>();
            mlops.Services.AddTransient(services => new AdHoc<Call<TIn, TOut>>(services.GetRequiredService<Slot<TIn, TOut>>().RunAsync));
            mlops.AddPipeline<Ad<Call<TIn, TOut>>>(configure);
            more?.Invoke(mlops);
        });

    internal static async Task<TOut> RunAsync<TIn, TOut>(PipelineHost host, TIn input, PipelineRunOptions? options = null, CancellationToken? token = null)
    {
        var slot = host.Services.GetRequiredService<Slot<TIn, TOut>>();
        slot.Input = input;
        await host.Runner<Ad<Call<TIn, TOut>>>().RunAsync(0, options, token ?? TestContext.Current.CancellationToken);
        return slot.Output!;
    }

    private static async Task CommitAsync(PipelineHost host, Change change) =>
        (await host.Metadata.CommitAsync(new Changeset(MlopsId.New(), "test", [change]), TestContext.Current.CancellationToken)).Committed.Should().BeTrue();

    public sealed record Unkeyed(int A, Stream Content);

    internal sealed class Slot<TIn, TOut>
    {
        public TIn? Input { get; set; }

        public TOut? Output { get; set; }

        public async Task RunAsync(IStepRef<Call<TIn, TOut>> step, IPipelineRun run, CancellationToken token) => Output = await run.StepAsync(step, Input!, token);
    }
}
