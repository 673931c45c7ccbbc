using System.Diagnostics;

namespace Mlops.Sdk.Benchmarks.Serving;

/// <summary>How many times the calls of one thread two threads make: whether leases on two cores get in each other's way.</summary>
internal sealed class PredictScalingRatio(int calls) : PredictRatio("serving.predict.scaling", calls, BenchModels.Linear)
{
    public override string Unit => "x";

    public override string Better => "higher";

    public override string BaselineIs => "two threads with a bare engine each over one thread with one";

    public override Task<double> OursAsync() => Scaling(_ => Served.RunAsync(Calls).GetAwaiter().GetResult());

    public override Task<double> BaselineAsync() => Scaling(thread => Served.Bare.Run(thread, Calls));

    private static Task<double> Scaling(Action<int> run) => Task.FromResult(2 * Seconds(1, run) / Seconds(2, run));

    private static double Seconds(int threads, Action<int> run)
    {
        using var ready = new Barrier(threads + 1);
        var all = Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            ready.SignalAndWait();
            run(i);
        })).ToList();
        all.ForEach(thread => thread.Start());
        ready.SignalAndWait();
        var start = Stopwatch.GetTimestamp();
        all.ForEach(thread => thread.Join());
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
