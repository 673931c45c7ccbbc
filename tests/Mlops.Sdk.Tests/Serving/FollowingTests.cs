using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Serving;

namespace Mlops.Sdk.Tests.Serving;

public sealed class FollowingTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_moved_alias_is_followed_forth_and_back_by_the_change_feed()
    {
        await using var host = await ServingHost.StartAsync(workers: true);
        await host.RegisterAsync(10);
        await host.RegisterAsync(20);
        foreach (var version in new[] { 1, 2, 1 })
        {
            await host.PointAsync(version);

            await UntilAsync(host, HealthStatus.Healthy, $"serves version {version}");
            (await host.PredictAsync(1)).Value.Value.Should().Be((10 * version) + 1);
        }

        host.Runtime.Live.Should().Be(1);
    }

    [Fact]
    public async Task A_slow_load_of_one_model_holds_up_no_other()
    {
        await using var host = await ServingHost.StartAsync(b => b.AddPredictor<Question, Answer>("adder").AddPredictor<Question, Answer>("slow"), workers: true);
        var release = new TaskCompletionSource();
        host.Runtime.OnLoad = () => release.Task;
        await host.RegisterAsync(10, "slow");
        await host.PointAsync(1, "slow");
        await UntilAsync(() => Task.FromResult(host.Runtime.LoadsBegun == 1));
        host.Runtime.OnLoad = () => Task.CompletedTask;

        await host.RegisterAsync(20);
        await host.PointAsync(1);

        await UntilAsync(host, HealthStatus.Unhealthy, "adder@champion serves version 1");
        (await host.HealthAsync()).Description.Should().Contain("slow@champion serves nothing");
        release.SetResult();
        await UntilAsync(host, HealthStatus.Healthy, "slow@champion serves version 1");
    }

    [Fact]
    public async Task A_host_without_workers_serves_what_it_is_told_to()
    {
        await using var host = await ServingHost.StartAsync(workers: false);
        await host.RegisterAsync(10);
        await host.PointAsync(1);

        (await host.HealthAsync()).Status.Should().Be(HealthStatus.Unhealthy);
        (await host.Predictor.RefreshAsync(Token)).Should().Be(1);
        (await host.HealthAsync()).Status.Should().Be(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Concurrent_refreshes_load_once()
    {
        await using var host = await ServingHost.StartAsync();
        await host.RegisterAsync(10);
        await host.PointAsync(1);

        var served = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => host.Predictor.RefreshAsync(Token))));

        served.Should().AllBeEquivalentTo(1);
        host.Runtime.Loaded.Should().Be(1);
    }

    [Fact]
    public async Task An_unknown_model_and_an_unknown_alias_are_named_with_what_exists()
    {
        await using var host = await ServingHost.StartAsync();
        await host.RegisterAsync(10, "other");
        await RefusedAsync("no model 'adder'", "other");

        await host.RegisterAsync(10);
        await host.PointAsync(1, alias: "challenger");
        await RefusedAsync("no alias 'champion'", "challenger");

        async Task RefusedAsync(params string[] expected)
        {
            (await host.Predictor.Invoking(p => p.RefreshAsync(Token)).Should().ThrowAsync<NotFoundException>()).Which.Message.Should().ContainAll(expected);
            var health = await host.HealthAsync();
            health.Status.Should().Be(HealthStatus.Unhealthy);
            health.Description.Should().ContainAll(expected);
        }
    }

    [Fact]
    public async Task Two_models_of_the_same_types_are_told_apart_by_key_and_the_unkeyed_one_lists_the_keys()
    {
        await using var host = await ServingHost.StartAsync(b => b.AddPredictor<Question, Answer>("adder").AddPredictor<Question, Answer>("adder", o => o.Alias = "challenger", key: "rival"));
        await host.RegisterAsync(10);
        await host.RegisterAsync(20);
        await host.PointAsync(1);
        await host.PointAsync(2, alias: "challenger");

        foreach (var (key, version) in new[] { ("adder", 1), ("rival", 2) })
        {
            var predictor = host.Services.GetRequiredKeyedService<IPredictor<Question, Answer>>(key);
            await predictor.RefreshAsync(Token);
            (await predictor.PredictAsync(new(), Token)).Version.Should().Be(version);
        }

        host.Services.Invoking(s => s.GetRequiredService<IPredictor<Question, Answer>>()).Should().Throw<InvalidOperationException>().WithMessage("*adder, rival*FromKeyedServices*");
    }

    [Fact]
    public void A_key_cannot_be_added_twice()
    {
        var add = () => new ServingHost(b => b.AddPredictor<Question, Answer>("adder").AddPredictor<Question, Answer>("adder"));

        add.Should().Throw<ArgumentException>().WithMessage("*'adder'*another key*");
    }

    [Fact]
    public async Task Options_come_from_configuration_and_a_bad_one_fails_the_start()
    {
        var settings = new Dictionary<string, string?> { ["Predictors:adder:Alias"] = "challenger", ["Predictors:adder:Recheck"] = "00:00:05" };
        var builder = (MlopsBuilder b) => { b.Services.AddMlops(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddPredictor<Question, Answer>("adder"); };
        await using (var host = await ServingHost.StartAsync(builder))
        {
            host.Services.GetRequiredService<IOptionsMonitor<PredictorOptions<Question>>>().Get("adder").Should().BeEquivalentTo(new { Alias = "challenger", Recheck = TimeSpan.FromSeconds(5) });
        }

        settings["Predictors:adder:Recheck"] = "00:00:00";
        var start = () => ServingHost.StartAsync(builder);
        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should().Contain("Predictors:adder:Recheck");
    }

    [Fact]
    public async Task The_attributes_of_the_input_are_its_contract_unless_told_otherwise()
    {
        await using var host = await ServingHost.StartAsync(b => b
            .AddPredictor<Question, Answer>("adder")
            .AddPredictor<RuledQuestion, Answer>("ruled")
            .AddPredictor<RuledQuestion, Answer>("unruled", o => o.Check = null));
        var options = host.Services.GetRequiredService<IOptionsMonitor<PredictorOptions<RuledQuestion>>>();

        var ruled = await host.Services.GetRequiredKeyedService<IPredictor<RuledQuestion, Answer>>("ruled").PredictAsync(new() { Number = 101 }, Token);

        ruled.Violations.Should().ContainSingle().Which.Rule.Should().Be("Number.range");
        options.Get("unruled").Check.Should().BeNull();
        host.Services.GetRequiredService<IOptionsMonitor<PredictorOptions<Question>>>().Get("adder").Check.Should().BeNull();
    }

    [Fact]
    public async Task Predictions_rejections_and_models_in_memory_are_counted()
    {
        await using var host = await ServingHost.StartAsync(b => b.AddPredictor<Question, Answer>("adder", o => o.Check = new NotNegative()));
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == factory && instrument.Name.StartsWith("mlops.predictor.", StringComparison.Ordinal))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            tags.ToArray().Should().BeEquivalentTo([KeyValuePair.Create("mlops.model", (object?)"adder"), KeyValuePair.Create("mlops.alias", (object?)"champion")]);
            counts[instrument.Name] = instrument.IsObservable ? value : counts.GetValueOrDefault(instrument.Name) + value;
        });
        listener.Start();
        await host.ServeAsync(10);
        for (var i = -2; i < 5; i++)
        {
            await host.PredictAsync(i);
        }

        await host.ServeAsync(20);
        await host.PredictAsync(1);
        listener.RecordObservableInstruments();

        counts.Should().BeEquivalentTo(new Dictionary<string, long> { ["mlops.predictor.predictions"] = 6, ["mlops.predictor.rejections"] = 2, ["mlops.predictor.generations"] = 1 });
    }

    private static Task UntilAsync(ServingHost host, HealthStatus status, string description) =>
        UntilAsync(async () => await host.HealthAsync() is var health && health.Status == status && health.Description!.Contains(description, StringComparison.Ordinal));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(Bound);
        while (!await condition())
        {
            await Task.Delay(5, bound.Token);
        }
    }
}
