using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Serving;

namespace Mlops.Sdk.Tests.Serving;

public sealed class PredictorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_names_the_version_that_made_it()
    {
        await using var host = await ServingHost.StartAsync();
        await host.ServeAsync(10);
        await host.ServeAsync(20);

        var prediction = await host.PredictAsync(1);

        prediction.Should().BeEquivalentTo(new { IsValid = true, Version = 2, Value = new Answer { Value = 21 } });
        prediction.Violations.Should().BeEmpty();
    }

    [Fact]
    public async Task An_input_that_breaks_the_contract_is_rejected_and_no_model_sees_it()
    {
        await using var host = await ServingHost.StartAsync(b => b.AddPredictor<Question, Answer>("adder", o => o.Check = new NotNegative()));
        var seen = 0;
        host.Runtime.OnPredict = _ => seen++;

        var before = await host.PredictAsync(-1);
        await host.ServeAsync(10);
        var after = await host.PredictAsync(-1);
        var valid = await host.PredictAsync(0);

        foreach (var rejected in new[] { before, after })
        {
            rejected.IsValid.Should().BeFalse();
            rejected.Version.Should().Be(0);
            rejected.Violations.Should().ContainSingle().Which.Rule.Should().Be("number.range");
            rejected.Invoking(p => p.Value).Should().Throw<InvalidOperationException>().WithMessage("*number.range*");
        }

        valid.Value.Value.Should().Be(10);
        seen.Should().Be(1);
    }

    [Fact]
    public async Task Without_a_version_the_exception_is_transient_and_names_model_alias_and_the_last_error()
    {
        await using var host = await ServingHost.StartAsync();
        var predict = () => host.PredictAsync(1);

        (await predict.Should().ThrowAsync<MlopsException>()).Which.Should().Match<MlopsException>(e => e.IsTransient).And.Match<MlopsException>(e => e.Message.Contains("'adder'") && e.Message.Contains("'champion'") && e.Message.Contains("not loaded yet"));
        await host.Predictor.Invoking(p => p.RefreshAsync(Token)).Should().ThrowAsync<NotFoundException>();
        (await predict.Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("no model 'adder'");
    }

    [Fact]
    public async Task A_model_that_throws_fails_that_call_only()
    {
        await using var host = await ServingHost.StartAsync();
        await host.ServeAsync(10);
        host.Runtime.OnPredict = q => _ = q.Number == 13 ? throw new FormatException("odd") : 0;

        for (var i = 0; i < 20; i++)
        {
            var unlucky = () => host.PredictAsync(13);
            (await unlucky.Should().ThrowAsync<MlopsException>()).WithInnerException<FormatException>().Which.Message.Should().Be("odd");
            (await host.PredictAsync(1)).Value.Value.Should().Be(11);
        }
    }

    [Fact]
    public async Task A_cancelled_token_is_honoured()
    {
        await using var host = await ServingHost.StartAsync();
        await host.ServeAsync(10);

        var predict = async () => await host.Predictor.PredictAsync(new(), new CancellationToken(canceled: true));

        await predict.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_running_call_keeps_its_version_in_memory_and_disposes_it_when_it_ends()
    {
        await using var host = await ServingHost.StartAsync();
        await host.ServeAsync(10);
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        host.Runtime.OnPredict = q =>
        {
            if (q.Number == 7)
            {
                entered.Release();
                leave.Wait(Token);
            }
        };
        var running = Task.Run(() => host.PredictAsync(7), Token);
        await entered.WaitAsync(Token);

        await host.ServeAsync(20);

        host.Runtime.Live.Should().Be(2);
        (await host.PredictAsync(1)).Version.Should().Be(2);
        leave.Release();
        (await running).Should().BeEquivalentTo(new { Version = 1, Value = new Answer { Value = 17 } });
        host.Runtime.Live.Should().Be(1);
        host.Runtime.Misused.Should().Be(0);
    }

    [Fact]
    public async Task More_calls_than_slots_get_slots_of_their_own_which_are_not_kept()
    {
        await using var host = await ServingHost.StartAsync();
        await host.ServeAsync(10);
        var calls = (4 * Environment.ProcessorCount) + 2;
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        host.Runtime.OnPredict = _ =>
        {
            entered.Release();
            leave.Wait(Token);
        };

        var running = Enumerable.Range(0, calls).Select(i => Task.Factory.StartNew(() => host.PredictAsync(i), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).ToList();
        for (var i = 0; i < calls; i++)
        {
            await entered.WaitAsync(Token);
        }

        host.Runtime.LiveSlots.Should().Be(calls);
        leave.Release(calls);
        (await Task.WhenAll(running)).Select(p => p.Value.Value).Should().Equal(Enumerable.Range(0, calls).Select(i => 10f + i));
        host.Runtime.LiveSlots.Should().BeLessThanOrEqualTo(2 * Environment.ProcessorCount);
        host.Runtime.Misused.Should().Be(0);
    }

    [Fact]
    public async Task A_host_that_stopped_has_disposed_every_model_and_predicts_no_more()
    {
        await using var host = await ServingHost.StartAsync();
        await host.ServeAsync(10);
        var predictor = host.Predictor;

        await host.StopAsync();

        host.Runtime.Live.Should().Be(0);
        host.Runtime.LiveSlots.Should().Be(0);
        await predictor.Invoking(p => p.PredictAsync(new(), Token).AsTask()).Should().ThrowAsync<ObjectDisposedException>();
        await predictor.Invoking(p => p.RefreshAsync(Token)).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task Swaps_under_load_never_share_a_slot_touch_a_disposed_model_or_answer_with_an_older_version()
    {
        await using var host = await ServingHost.StartAsync();
        for (var version = 1; version <= 200; version++)
        {
            await host.RegisterAsync(version);
        }

        await host.PointAsync(1);
        var published = await host.Predictor.RefreshAsync(Token);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() => CallAsync(), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).ToList();

        for (var version = 2; version <= 200; version++)
        {
            await host.PointAsync(version);
            Volatile.Write(ref published, await host.Predictor.RefreshAsync(Token));
        }

        await done.CancelAsync();
        (await Task.WhenAll(callers)).Should().AllSatisfy(calls => calls.Should().BePositive());
        host.Runtime.Misused.Should().Be(0);
        host.Runtime.Live.Should().Be(1);
        host.Runtime.LiveSlots.Should().BeLessThanOrEqualTo(2 * Environment.ProcessorCount);

        async Task<int> CallAsync()
        {
            var calls = 0;
            for (; !done.IsCancellationRequested; calls++)
            {
                var atLeast = Volatile.Read(ref published);
                var prediction = await host.Predictor.PredictAsync(new(), CancellationToken.None);
                if (prediction.Version < atLeast || prediction.Value.Value != prediction.Version)
                {
                    throw new InvalidOperationException($"Version {prediction.Version} answered {prediction.Value.Value} after version {atLeast} was published.");
                }
            }

            return calls;
        }
    }
}
