using System.Diagnostics;

namespace Mlops.Sdk.MLNet.Tests.Serving;

/// <summary>8 threads predict while the champion moves every 50 ms for 10 s, and longer where a busy machine needs longer for 100 moves. Version k answers its input plus k, so that the answer itself says who made it.</summary>
public sealed class SwapStormTests(ITestOutputHelper output)
{
    private const int Threads = 8;
    private const int Versions = 20;
    private const int LeastSwaps = 100;
    private const long Slack = 96L << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Managed_models_swap_without_a_stale_answer_an_error_or_a_leak() => StormAsync(onnx: false);

    [Fact]
    public Task Models_with_a_native_step_swap_without_a_stale_answer_an_error_or_a_leak() => StormAsync(onnx: true);

    private async Task StormAsync(bool onnx)
    {
        await using var host = await MLNetHost<X, Y>.StartAsync(workers: true);
        for (var k = 1; k <= Versions; k++)
        {
            var (context, model, schema) = Constants.Fit(k, onnx ? Path.Combine(host.Folder, $"{k}.onnx") : null);
            (await host.RegisterAsync(context, model, schema, new X { Values = [1] })).Should().Be(k);
            (model as IDisposable)?.Dispose();
        }

        // Publication n serves version (n - 1) % Versions + 1, and n grows without end: what is older is told by n, not by the version.
        long published = await host.ServeAsync(1);
        long swaps = 0;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var callers = Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(CallAsync, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).ToList();
        var clock = Stopwatch.StartNew();
        long warm = 0;
        while ((clock.Elapsed < Length || (swaps < LeastSwaps && clock.Elapsed < 6 * Length)) && callers.TrueForAll(caller => !caller.IsCompleted))
        {
            var next = Stopwatch.StartNew();
            var publication = published + 1;
            (await host.ServeAsync(VersionOf(publication))).Should().Be(VersionOf(publication));
            Volatile.Write(ref published, publication);
            swaps++;
            warm = warm == 0 && clock.Elapsed > WarmUp ? Resident() : warm;
            if (Pause - next.Elapsed is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, Token);
            }
        }

        await done.CancelAsync();
        var calls = await Task.WhenAll(callers);
        var grown = Resident() - warm;
        output.WriteLine($"{swaps} swaps, {calls.Sum()} calls, {host.Runtime.Loaded} loads, resident memory grew by {grown >> 10} KB after warm-up");

        calls.Should().AllSatisfy(count => count.Should().BePositive());
        swaps.Should().BeGreaterThanOrEqualTo(LeastSwaps);
        host.Runtime.Live.Should().Be(1, "no replaced generation may stay alive");
        grown.Should().BeLessThan(Slack);
        await host.StopAsync();
        host.Runtime.Live.Should().Be(0);

        async Task<long> CallAsync()
        {
            var input = new X { Values = [0] };
            long count = 0;
            for (; !done.IsCancellationRequested; count++)
            {
                var before = Volatile.Read(ref published);
                var prediction = await host.Predictor.PredictAsync(input, CancellationToken.None);
                var after = Volatile.Read(ref published);

                // Publications from the last one before the call to one that may not have been announced yet after it.
                var fresh = false;
                for (var n = before; n <= after + 1 && !fresh; n++)
                {
                    fresh = VersionOf(n) == prediction.Version;
                }

                if (!fresh || prediction.Value.Values[0] != prediction.Version)
                {
                    throw new InvalidOperationException($"Version {prediction.Version} answered {prediction.Value.Values[0]} between publications {before} and {after}, which were of versions {VersionOf(before)} and {VersionOf(after)}.");
                }
            }

            return count;
        }
    }

    private static int VersionOf(long publication) => (int)((publication - 1) % Versions) + 1;

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
