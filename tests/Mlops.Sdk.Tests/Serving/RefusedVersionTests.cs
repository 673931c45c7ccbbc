using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Serving;

namespace Mlops.Sdk.Tests.Serving;

public sealed class RefusedVersionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_truncated_model_is_refused_and_the_old_version_serves_on() =>
        await RefusedAsync(async host => await DamageAsync(host, await host.RegisterAsync(20), bytes => bytes[..^1]), "model/number.txt");

    [Fact]
    public async Task A_model_with_a_changed_byte_is_refused_and_the_old_version_serves_on() =>
        await RefusedAsync(async host => await DamageAsync(host, await host.RegisterAsync(20), bytes => [(byte)'3', .. bytes[1..]]), "model/number.txt");

    [Fact]
    public async Task A_version_that_fails_a_golden_row_is_refused_and_the_old_version_serves_on() =>
        await RefusedAsync(
            host => host.RegisterAsync(20, golden: [GoldenRows.Of(new Question { Number = 1 }, new Answer { Value = 21 }), GoldenRows.Of(new Question { Number = 2 }, new Answer { Value = 23 })]),
            "Golden row 2 of 2", "$.Value is 22, expected 23");

    [Fact]
    public async Task A_version_that_the_runtime_cannot_load_is_refused_and_the_old_version_serves_on() =>
        await RefusedAsync(host =>
        {
            host.Runtime.OnLoad = () => throw new FormatException("not a number");
            return host.RegisterAsync(20);
        }, "not a number");

    [Fact]
    public async Task A_version_for_another_runtime_is_refused_and_the_remedy_is_named() =>
        await RefusedAsync(host => host.RegisterAsync(20, runtime: "onnx"), "'onnx'", "'fake'", "AddModelRuntime");

    [Fact]
    public async Task Golden_rows_that_hold_are_served()
    {
        await using var host = await ServingHost.StartAsync();
        var version = await host.RegisterAsync(20, golden: [GoldenRows.Of(new Question { Number = float.NaN }, new Answer { Value = float.NaN }), GoldenRows.Of(new Question { Number = 2 }, new Answer { Value = 22 })]);
        await host.PointAsync(version.Version);

        (await host.Predictor.RefreshAsync(Token)).Should().Be(1);
    }

    [Fact]
    public async Task A_refused_version_is_tried_again_later_and_later_and_at_once_when_the_alias_moves()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var host = await ServingHost.StartAsync(workers: true, time: time);
        await host.ServeAsync(10);
        var attempts = new ConcurrentQueue<DateTimeOffset>();
        host.Runtime.OnLoad = () =>
        {
            attempts.Enqueue(time.GetUtcNow());
            return attempts.Count < 6 ? throw new IOException("busy") : Task.CompletedTask;
        };
        await host.RegisterAsync(20);
        await host.RegisterAsync(30);

        await host.PointAsync(2);
        await UntilAsync(() => !attempts.IsEmpty);
        await UntilAsync(() => attempts.Count >= 4, step: TimeSpan.FromSeconds(0.1));
        var moved = time.GetUtcNow();
        await host.PointAsync(3);
        await UntilAsync(() => attempts.Count >= 5);
        await UntilAsync(() => attempts.Count >= 6, step: TimeSpan.FromSeconds(0.1));

        var waits = attempts.Zip(attempts.Skip(1), (earlier, later) => (later - earlier).TotalSeconds).ToArray();
        waits[0].Should().BeInRange(1, 1.9);
        waits[1].Should().BeInRange(2, 2.9);
        waits[2].Should().BeInRange(4, 4.9);
        attempts.ElementAt(4).Should().Be(moved, "a move is looked at without waiting");
        waits[4].Should().BeInRange(1, 1.9);
        await UntilAsync(() => host.HealthAsync().GetAwaiter().GetResult().Status == HealthStatus.Healthy);
        (await host.PredictAsync(1)).Version.Should().Be(3);

        async Task UntilAsync(Func<bool> condition, TimeSpan step = default)
        {
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
            bound.CancelAfter(TimeSpan.FromSeconds(30));
            while (!condition())
            {
                await Task.Delay(10, bound.Token);
                time.Advance(step);
            }
        }
    }

    private static async Task RefusedAsync(Func<ServingHost, Task<ModelVersion>> register, params string[] reason)
    {
        await using var host = await ServingHost.StartAsync();
        await host.ServeAsync(10);
        (await host.HealthAsync()).Status.Should().Be(HealthStatus.Healthy);
        var bad = await register(host);
        await host.PointAsync(bad.Version);

        (await host.Predictor.Invoking(p => p.RefreshAsync(Token)).Should().ThrowAsync<MlopsException>()).Which.Message.Should().ContainAll(reason).And.Contain("version 2 was refused");

        var health = await host.HealthAsync();
        health.Status.Should().Be(HealthStatus.Degraded);
        health.Description.Should().ContainAll(reason).And.Contain("adder@champion serves version 1; version 2 was refused");
        (await host.PredictAsync(1)).Should().BeEquivalentTo(new { Version = 1, Value = new Answer { Value = 11 } });
        host.Runtime.Live.Should().Be(1);
    }

    private static async Task<ModelVersion> DamageAsync(ServingHost host, ModelVersion version, Func<byte[], byte[]> damage)
    {
        var file = await host.ModelFileAsync(version);
        host.Artifacts.Objects[file] = damage(host.Artifacts.Objects[file]);
        return version;
    }
}
