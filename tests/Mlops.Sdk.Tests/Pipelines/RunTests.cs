using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Tests.Pipelines;

public sealed class RunTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_resolves_with_scopes_and_build_validated()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Train>());
        await using var scope = host.Services.CreateAsyncScope();

        host.Services.GetRequiredService<IPipelineRunner<Train>>().Should().BeSameAs(host.Services.GetRequiredService<IPipelineRunner<Train>>());
        scope.ServiceProvider.GetRequiredService<Train>().Should().NotBeNull();
        scope.ServiceProvider.GetRequiredService<IStepRef<FitModel>>().Create(scope.ServiceProvider).Should().NotBeNull();
    }

    [Fact]
    public void A_step_whose_dependency_is_missing_fails_when_the_host_is_built()
    {
        var build = () => new PipelineHost(mlops =>
        {
            mlops.AddPipeline<Train>();
            mlops.Services.Remove(mlops.Services.Single(s => s.ServiceType == typeof(Scoped)));
        });

        build.Should().Throw<AggregateException>().WithMessage("*Scoped*FitModel*");
    }

    [Fact]
    public void A_step_that_would_be_shared_and_a_class_that_is_no_pipeline_are_refused_at_registration()
    {
        var shared = () => new PipelineHost(mlops =>
        {
            mlops.Services.AddSingleton<Load>();
            mlops.AddPipeline<Train>();
        });
        var none = () => new PipelineHost(mlops => mlops.AddPipeline<Journal>());

        shared.Should().Throw<ArgumentException>().WithMessage("*Load*Singleton*AddTransient*");
        none.Should().Throw<ArgumentException>().WithMessage("*Journal*IPipeline*");
    }

    [Fact]
    public async Task Every_item_and_every_attempt_has_its_own_scope_and_step_which_is_disposed()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Train>(p => p.Step<FitModel>(s => s.MaxAttempts = 2)).Services.Configure<PipelineOptions>(o => o.RetryDelay = TimeSpan.Zero));
        host.Journal.Middle = (step, attempt, _) => step == "fit b" && attempt == 1 ? throw new InvalidOperationException("once") : Task.CompletedTask;

        var result = await host.Runner<Train>().RunAsync(new("ord", "a", "b"), cancellationToken: Token);

        result.Output.Select(f => f.Trainer).Should().Equal("a", "b");
        host.Journal.Seen.Should().HaveCount(3);
        host.Journal.Seen.Select(s => s.Scoped.Id).Should().OnlyHaveUniqueItems();
        host.Journal.Seen.Select(s => s.Step).Should().OnlyHaveUniqueItems();
        host.Journal.Seen.Should().OnlyContain(s => s.Scoped.Disposed);
        (await host.StatesAsync("step-attempt")).Should().BeEquivalentTo("finished", "finished", "failed", "finished");
        host.Journal.Contexts.Where(c => c.Path == "fit[2]").Select(c => (c.Attempt, c.Seed, c.IdempotencyKey)).Distinct().Should().HaveCount(2)
            .And.OnlyContain(c => c.Seed == host.Journal.Contexts.First(x => x.Path == "fit[1]").Seed);
        host.Journal.Contexts.Where(c => c.Path == "fit[2]").Select(c => c.IdempotencyKey).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task Outputs_are_in_the_order_of_the_inputs_and_no_more_run_at_a_time_than_allowed()
    {
        int now = 0, most = 0;
        var full = new TaskCompletionSource();
        await using var host = Many(async (input, _, token) =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            if (running == 3)
            {
                full.TrySetResult();
            }

            // The first three wait for one another, so that three really run at a time.
            await full.Task.WaitAsync(TimeSpan.FromSeconds(30), token);
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return input * 10;
        });

        IReadOnlyList<int>? outputs = null;
        host.Body = async (step, run, token) =>
        {
            // Two fan-outs at once share the bound.
            var both = await Task.WhenAll(run.ForEachAsync(step, Enumerable.Range(0, 20), token), run.ForEachAsync(step, Enumerable.Range(20, 20), token));
            outputs = [.. both[0], .. both[1]];
        };
        await host.RunAsync(new() { MaxParallel = 3 });
        outputs.Should().Equal(Enumerable.Range(0, 40).Select(i => i * 10));
        most.Should().Be(3);
    }

    [Fact]
    public async Task The_first_failure_cancels_the_others_and_comes_out_with_its_cause()
    {
        var waiting = new TaskCompletionSource();
        await using var host = Many(async (input, _, token) =>
        {
            if (input == 0)
            {
                waiting.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            await waiting.Task;
            throw new InvalidOperationException("bad row; password=hunter2");
        });
        host.Body = (step, run, token) => run.ForEachAsync(step, Enumerable.Range(0, 50), token);

        var failure = (await FluentActions.Awaiting(() => host.RunAsync(new() { MaxParallel = 2 })).Should().ThrowAsync<StepFailedException>()).Which;

        failure.Path.Should().Be("call[2]");
        failure.InnerException.Should().BeOfType<InvalidOperationException>();
        failure.Message.Should().Contain("call[2]").And.Contain("bad row").And.NotContain("hunter2");
        (await host.Inner.StatesAsync("step-attempt")).Should().BeEquivalentTo("canceled", "failed");
        var failed = (await host.Inner.AllAsync("step-attempt")).Single(a => PipelineHost.Text(a, "state") == "failed");
        PipelineHost.Text(failed, "error").Should().Be("System.InvalidOperationException: bad row; password=***");
        (await host.Inner.StatesAsync("pipeline-run")).Should().Equal("failed");
    }

    [Fact]
    public async Task A_step_that_takes_too_long_fails_and_may_be_tried_again()
    {
        var ran = 0;
        await using var host = CacheTests.Calling<int, int>(
            async (input, context, token) =>
            {
                ran++;
                await (context.Attempt == 1 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask);
                return input;
            },
            p => p.Step<Call<int, int>>(s =>
            {
                s.Timeout = TimeSpan.FromMilliseconds(50);
                s.MaxAttempts = 2;
            }));
        host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<PipelineOptions>>().Value.RetryDelay = TimeSpan.FromMilliseconds(1);

        (await CacheTests.RunAsync<int, int>(host, 7)).Should().Be(7);
        ran.Should().Be(2);
        var attempts = await host.AllAsync("step-attempt");
        PipelineHost.Text(attempts[0], "error").Should().Contain("Timeout");
    }

    [Fact]
    public async Task A_cancelled_run_leaves_canceled_in_the_store_and_the_next_takes_what_was_finished()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Train>());
        using var cancel = new CancellationTokenSource();
        host.Journal.Middle = async (step, _, token) =>
        {
            if (step == "fit a")
            {
                await cancel.CancelAsync();
                token.ThrowIfCancellationRequested();
            }
        };
        var progress = new CollectingProgress();

        var run = () => host.Runner<Train>().RunAsync(new("ord", "a"), new() { Progress = progress }, cancel.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        (await host.StatesAsync("pipeline-run")).Should().Equal("canceled");
        (await host.StatesAsync("step-attempt")).Should().Equal("finished", "canceled");
        progress.Kinds.Should().EndWith(PipelineEventKind.RunCanceled);
        host.Journal.Middle = (_, _, _) => Task.CompletedTask;
        (await host.Runner<Train>().RunAsync(new("ord", "a"), cancellationToken: Token)).Should().BeEquivalentTo(new { StepsExecuted = 1, StepsCached = 1 });
    }

    [Fact]
    public async Task Shutting_down_interrupts_a_run_and_spends_no_attempt_and_the_next_host_takes_its_place()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Train>(p => p.Step<FitModel>(s => s.MaxAttempts = 3)));
        host.Journal.Middle = async (step, _, token) =>
        {
            if (step == "fit a")
            {
                host.BeginShutdown();
                await Task.Delay(Timeout.Infinite, token);
            }
        };
        var run = () => host.Runner<Train>().RunAsync(new("ord", "a"), cancellationToken: Token);
        await run.Should().ThrowAsync<OperationCanceledException>();

        (await host.StatesAsync("pipeline-run")).Should().Equal("interrupted");
        (await host.StatesAsync("step-attempt")).Should().Equal("finished", "interrupted");

        await using var next = new PipelineHost(mlops => mlops.AddPipeline<Train>(), after: host);
        (await next.Runner<Train>().RunAsync(new("ord", "a"), cancellationToken: Token)).Should().BeEquivalentTo(new { StepsExecuted = 1, StepsCached = 1 });
        next.Journal.Contexts.Single().IdempotencyKey.Should().Be(host.Journal.Contexts.Last().IdempotencyKey);
        next.Logs.Lines.Should().Contain(line => line.Id == 3000 && line.Text.Contains("in the place of Train/1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resumed_run_keeps_its_start_and_its_ids_and_a_new_one_has_its_own()
    {
        await using var host = Many((input, _, _) => Task.FromResult(input));
        var seen = new List<(DateTimeOffset At, Guid A, Guid B)>();
        host.Body = (_, run, token) =>
        {
            seen.Add((run.StartedAt, run.NewId(), run.NewId()));
            if (seen.Count == 1)
            {
                host.Inner.BeginShutdown();
                throw new OperationCanceledException();
            }

            return Task.CompletedTask;
        };
        await FluentActions.Awaiting(() => host.RunAsync(null)).Should().ThrowAsync<OperationCanceledException>();
        await host.RunAsync(null);
        await host.RunAsync(null);

        seen[0].A.Should().NotBe(seen[0].B);
        seen[1].Should().Be(seen[0]);
        seen[2].At.Should().BeAfter(seen[0].At);
        seen[2].A.Should().NotBe(seen[0].A);
    }

    [Fact]
    public async Task An_uncached_step_runs_every_time_and_two_calls_with_equal_input_need_names()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Announcing>());

        var twice = () => host.Runner<Announcing>().RunAsync(false, cancellationToken: Token);
        (await twice.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*announce[1]*announce[2]*Named*");
        await host.Runner<Announcing>().RunAsync(true, cancellationToken: Token);
        await host.Runner<Announcing>().RunAsync(true, cancellationToken: Token);

        host.Journal.Contexts.Select(c => c.Path).Should().Equal("announce[1]", "announce[1]", "announce#again[1]", "announce[1]", "announce#again[1]");
        host.Journal.Contexts.Select(c => c.IdempotencyKey).Should().OnlyHaveUniqueItems("every call of every run is another effect");
    }

    [Fact]
    public async Task Events_come_in_order_and_progress_is_thinned_out()
    {
        await using var host = CacheTests.Calling<int, int>((input, context, _) =>
        {
            for (var i = 0; i <= 1000; i++)
            {
                context.Progress.Report(new(i / 1000.0));
            }

            return Task.FromResult(input);
        });
        host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<PipelineOptions>>().Value.ProgressInterval = TimeSpan.FromHours(1);
        var progress = new CollectingProgress();
        await CacheTests.RunAsync<int, int>(host, 1, new() { Progress = progress });
        await CacheTests.RunAsync<int, int>(host, 1, new() { Progress = progress });

        progress.Events.Where(e => e.Kind == PipelineEventKind.StepProgress).Select(e => e.Progress!.Value.Fraction).Should().Equal(0, 1);
        progress.Kinds.Should().Equal(
            PipelineEventKind.RunStarted, PipelineEventKind.StepStarted, PipelineEventKind.StepProgress, PipelineEventKind.StepProgress, PipelineEventKind.StepFinished, PipelineEventKind.RunFinished,
            PipelineEventKind.RunStarted, PipelineEventKind.StepCached, PipelineEventKind.RunFinished);
        progress.Events.Where(e => e.Path is not null).Should().OnlyContain(e => e.Path == "call[1]");
    }

    [Fact]
    public async Task A_receiver_of_progress_that_throws_does_not_fail_the_run()
    {
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Train>());

        await host.Runner<Train>().RunAsync(new("ord"), new() { Progress = new Throwing() }, Token);
        host.Logs.Lines.Should().Contain(line => line.Id == 3030);
    }

    [Fact]
    public async Task Steps_are_measured_by_outcome()
    {
        var outcomes = new List<object?>();
        using var listener = new MeterListener();
        await using var host = new PipelineHost(mlops => mlops.AddPipeline<Train>());
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "mlops.pipeline.step.duration")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => outcomes.Add(tags.ToArray().Single(t => t.Key == "mlops.outcome").Value));
        listener.Start();

        await host.Runner<Train>().RunAsync(new("ord"), cancellationToken: Token);
        await host.Runner<Train>().RunAsync(new("ord"), cancellationToken: Token);
        outcomes.Should().Equal("finished", "cached");
    }

    [Fact]
    public async Task A_pipeline_is_tested_without_a_host()
    {
        var pipeline = new Train(StepRef.Of(new Load(new Journal())), StepRef.Of(new FitModel(new Journal(), new Scoped())));
        pipeline.Should().BeAssignableTo<IPipeline<TrainOptions, IReadOnlyList<Fit>>>();
        var handle = StepRef.Of(new Load(new Journal()));
        handle.Create(new ServiceCollection().BuildServiceProvider()).Should().BeSameAs(handle.Create(null!));
        await Task.CompletedTask;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value && Interlocked.CompareExchange(ref target, value, seen) != seen; seen = Volatile.Read(ref target))
        {
        }
    }

    private static ManyHost Many(Func<int, StepContext, CancellationToken, Task<int>> step) => new(step);

    private sealed class ManyHost : IAsyncDisposable
    {
        public ManyHost(Func<int, StepContext, CancellationToken, Task<int>> step) =>
            Inner = new(mlops =>
            {
                mlops.Services.AddSingleton(step);
                mlops.Services.AddSingleton(new AdHoc<Call<int, int>>((handle, run, token) => Body(handle, run, token)));
                mlops.AddPipeline<Ad<Call<int, int>>>();
            });

        public PipelineHost Inner { get; }

        public Func<IStepRef<Call<int, int>>, IPipelineRun, CancellationToken, Task> Body { get; set; } = (_, _, _) => Task.CompletedTask;

        public Task<PipelineResult<int>> RunAsync(PipelineRunOptions? options) => Inner.Runner<Ad<Call<int, int>>>().RunAsync(0, options, Token);

        public ValueTask DisposeAsync() => Inner.DisposeAsync();
    }

    private sealed class Throwing : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value) => throw new InvalidOperationException("no screen");
    }

    public sealed class Announcing(IStepRef<Announce> announce) : IPipeline<bool, int>
    {
        public async Task<int> RunAsync(bool options, IPipelineRun run, CancellationToken cancellationToken)
        {
            await run.StepAsync(announce, "done", cancellationToken);
            await run.StepAsync(options ? announce.Named("again") : announce, "done", cancellationToken);
            return 0;
        }
    }
}
