namespace Mlops.Sdk.Benchmarks.Serving;

/// <summary>What a prediction allocates: the output object, and nothing else on either side.</summary>
internal sealed class PredictAllocRatio(int calls) : PredictRatio("serving.predict.alloc", calls, BenchModels.Linear)
{
    public override string Unit => "B/call";

    public override string BaselineIs => "a bare warm PredictionEngine that makes a new output object";

    public override async Task<double> OursAsync()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        await Served.RunAsync(Calls);
        return Math.Round((double)(GC.GetAllocatedBytesForCurrentThread() - before) / Calls, 2);
    }

    public override Task<double> BaselineAsync()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Served.Bare.Run(0, Calls);
        return Task.FromResult(Math.Round((double)(GC.GetAllocatedBytesForCurrentThread() - before) / Calls, 2));
    }
}
