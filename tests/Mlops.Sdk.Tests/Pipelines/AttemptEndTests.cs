using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Tests.Registry;

namespace Mlops.Sdk.Tests.Pipelines;

public sealed class AttemptEndTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_that_cannot_be_stored_fails_the_attempt_and_the_work_is_not_done_again()
    {
        var ran = 0;
        await using var host = CacheTests.Calling<int, string>(
            (input, _, _) => Task.FromResult(new string('x', input + ran++)),
            p => p.Step<Call<int, string>>(s => s.MaxAttempts = 3),
            mlops => mlops.UseArtifactStore(_ => new FullStore()).Services.Configure<PipelineOptions>(o => o.RetryDelay = TimeSpan.Zero));
        var progress = new CollectingProgress();

        var run = () => CacheTests.RunAsync<int, string>(host, 20_000, new() { Progress = progress });

        (await run.Should().ThrowAsync<MlopsException>()).WithMessage("The disk is full*");
        ran.Should().Be(1);
        (await host.StatesAsync("step-attempt")).Should().Equal("failed");
        (await host.StatesAsync("pipeline-run")).Should().Equal("failed");
        progress.Kinds.Should().Equal(PipelineEventKind.RunStarted, PipelineEventKind.StepStarted, PipelineEventKind.StepFailed, PipelineEventKind.RunFailed);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task An_error_of_the_SDK_is_tried_again_only_when_it_is_transient(bool transient, int times)
    {
        var ran = 0;
        await using var host = CacheTests.Calling<int, int>(
            (_, _, _) => ++ran > 0 ? throw new MlopsException("no") { IsTransient = transient } : Task.FromResult(0),
            p => p.Step<Call<int, int>>(s => s.MaxAttempts = 3),
            mlops => mlops.Services.Configure<PipelineOptions>(o => o.RetryDelay = TimeSpan.Zero));
        var progress = new CollectingProgress();

        var run = () => CacheTests.RunAsync<int, int>(host, 1, new() { Progress = progress });

        await run.Should().ThrowAsync<StepFailedException>();
        ran.Should().Be(times);
        progress.Kinds.Count(k => k == PipelineEventKind.StepRetrying).Should().Be(times - 1);
        progress.Kinds.Count(k => k == PipelineEventKind.StepFailed).Should().Be(1);
    }

    [Fact]
    public async Task A_cancellation_that_a_step_wraps_is_a_cancellation()
    {
        using var cancel = new CancellationTokenSource();
        await using var host = CacheTests.Calling<int, int>(async (_, _, token) =>
        {
            await cancel.CancelAsync();
            throw new InvalidOperationException("The fit stopped.", new AggregateException(new TaskCanceledException()));
        });

        var run = () => CacheTests.RunAsync<int, int>(host, 1, token: cancel.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        (await host.StatesAsync("step-attempt")).Should().Equal("canceled");
        (await host.StatesAsync("pipeline-run")).Should().Equal("canceled");
    }

    [Fact]
    public async Task A_step_that_breaks_because_the_host_shuts_down_is_interrupted()
    {
        PipelineHost? self = null;
        await using var host = self = CacheTests.Calling<int, int>((_, _, _) =>
        {
            self!.BeginShutdown();
            throw new ObjectDisposedException("connection");
        });

        var run = () => CacheTests.RunAsync<int, int>(host, 1);

        await run.Should().ThrowAsync<OperationCanceledException>();
        (await host.StatesAsync("step-attempt")).Should().Equal("interrupted");
        (await host.StatesAsync("pipeline-run")).Should().Equal("interrupted");
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure()
    {
        await using var host = CacheTests.Calling<int, int>((_, _, _) => throw new TaskCanceledException("The request timed out."));

        var run = () => CacheTests.RunAsync<int, int>(host, 1);

        await run.Should().ThrowAsync<StepFailedException>();
        (await host.StatesAsync("step-attempt")).Should().Equal("failed");
        (await host.StatesAsync("pipeline-run")).Should().Equal("failed");
    }

    [Fact]
    public async Task What_a_killed_run_left_open_is_interrupted_by_the_next_and_one_that_lives_after_all_ends_as_it_does()
    {
        var working = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var killed = new PipelineHost(mlops => mlops.AddPipeline<Train>());
        killed.Journal.Middle = async (step, _, token) =>
        {
            if (step == "fit a")
            {
                working.SetResult();
                await go.Task.WaitAsync(token);
            }
        };
        var first = killed.Runner<Train>().RunAsync(new("ord", "a"), cancellationToken: Token);
        await working.Task.WaitAsync(Token);
        (await killed.StatesAsync("step-attempt")).Should().Equal("finished", "running");

        await using var next = new PipelineHost(mlops => mlops.AddPipeline<Train>(), after: killed);
        await next.Runner<Train>().RunAsync(new("ord", "a"), cancellationToken: Token);

        (await next.StatesAsync("pipeline-run")).Should().Equal("interrupted", "finished");
        // A cached call is stored in the background, so its place among the others is open.
        (await next.StatesAsync("step-attempt")).Should().BeEquivalentTo("finished", "interrupted", "cached", "finished");
        go.SetResult();
        await first;
        (await next.StatesAsync("pipeline-run")).Should().Equal("finished", "finished");
        (await next.StatesAsync("step-attempt")).Should().BeEquivalentTo("finished", "cached", "cached", "finished");
    }

    [Fact]
    public async Task The_outcome_its_result_and_its_lineage_are_one_changeset()
    {
        var store = new TroubledStore();
        var artifacts = new CarelessArtifactStore();
        await using var host = CacheTests.Calling<ArtifactRef, ArtifactRef>(
            async (_, _, token) => await artifacts.PutBytesAsync("out"u8.ToArray(), token),
            more: mlops => mlops.UseMetadataStore(_ => store).UseArtifactStore(_ => artifacts));
        var output = await CacheTests.RunAsync<ArtifactRef, ArtifactRef>(host, await artifacts.PutBytesAsync("in"u8.ToArray(), Token));

        var outcome = store.Commits.Single(c => c.Changes.Any(change => change is Change.Set { Name: "state", Value.Text: "finished", Id.Kind: "step-attempt" })).Changes;

        outcome.OfType<Change.Create>().Select(c => c.Id.Kind).Should().BeEquivalentTo("artifact", "step-result");
        outcome.OfType<Change.Connect>().Select(c => (c.Link.From.Key, c.Link.Relation, c.Link.To.Key)).Should().Equal(("Ad<Call<ArtifactRef, ArtifactRef>>/1/call[1]/1", "produced", output.Digest.ToString()));
    }

    [Fact]
    public async Task A_result_with_many_artifacts_is_stored_although_others_store_each_of_them_first()
    {
        var store = new TroubledStore();
        var artifacts = new CarelessArtifactStore();
        var refs = new List<ArtifactRef>();
        for (byte i = 0; i < 20; i++)
        {
            refs.Add(await artifacts.PutBytesAsync(new[] { i }, Token));
        }

        var others = new Queue<ArtifactRef>(refs);
        await using var host = CacheTests.Calling<int, List<ArtifactRef>>(
            (_, _, _) =>
            {
                store.Meanwhile = OtherAsync;
                return Task.FromResult(refs);
            },
            more: mlops => mlops.UseMetadataStore(_ => store).UseArtifactStore(_ => artifacts));

        (await CacheTests.RunAsync<int, List<ArtifactRef>>(host, 1)).Should().Equal(refs);
        others.Should().BeEmpty();
        (await host.StatesAsync("step-attempt")).Should().Equal("finished");

        async Task OtherAsync()
        {
            if (others.TryDequeue(out var next))
            {
                await store.CommitAsync(new(MlopsId.New(), "other", [new Change.Create(ArtifactEntity.Id(next.Digest, "default"), ArtifactEntity.Body(next))]), Token);
                store.Meanwhile = OtherAsync;
            }
        }
    }

    [Fact]
    public async Task A_store_that_breaks_at_the_end_of_a_run_does_not_take_its_output_away()
    {
        var store = new TroubledStore();
        await using var host = new PipelineHost(mlops =>
        {
            mlops.Services.AddSingleton<Func<int, StepContext, CancellationToken, Task<int>>>((input, _, _) => Task.FromResult(input));
            mlops.Services.AddSingleton(new AdHoc<Call<int, int>>((_, _, _) =>
            {
                store.Meanwhile = () => throw new ObjectDisposedException("store");
                return Task.CompletedTask;
            }));
            mlops.AddPipeline<Ad<Call<int, int>>>().UseMetadataStore(_ => store);
        });

        (await host.Runner<Ad<Call<int, int>>>().RunAsync(7, cancellationToken: Token)).Output.Should().Be(7);
        host.Logs.Lines.Should().ContainSingle(line => line.Id == 3005);
    }

    [Fact]
    public async Task A_cached_call_that_cannot_be_stored_is_reported_and_the_run_still_ends()
    {
        var store = new TroubledStore();
        await using var host = CacheTests.Calling<int, int>((input, _, _) => Task.FromResult(input + 1), more: mlops => mlops.UseMetadataStore(_ => store));
        await CacheTests.RunAsync<int, int>(host, 1);
        store.Meanwhile = () =>
        {
            // The run has started; the next commit is that of the cached call.
            store.Meanwhile = () => throw new MlopsException("The record is lost.");
            return Task.CompletedTask;
        };

        (await CacheTests.RunAsync<int, int>(host, 1)).Should().Be(2);

        host.Logs.Lines.Should().ContainSingle(line => line.Id == 3005);
        (await host.StatesAsync("pipeline-run")).Should().Equal("finished", "finished");
    }

    private sealed class FullStore : IArtifactStore
    {
        public Task OpenAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default) => throw new MlopsException("The disk is full.");

        public Task<ArtifactRef?> FindAsync(Digest digest, CancellationToken cancellationToken = default) => Task.FromResult<ArtifactRef?>(null);

        public Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default) => throw new NotFoundException("It is not there.");

        public Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default) => Task.FromResult(false);

        public async IAsyncEnumerable<ArtifactRef> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            yield break;
        }
    }
}
