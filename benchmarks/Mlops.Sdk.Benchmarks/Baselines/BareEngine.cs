using System.Diagnostics;
using Microsoft.ML;
using Mlops.Sdk.Benchmarks.Serving;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>A warm ML.NET prediction engine per thread: what a careful service writes by hand.</summary>
internal sealed class BareEngine(MLContext context, Stream zip, BenchRow[] rows)
{
    private readonly PredictionEngine<BenchRow, BenchScore>[] engines = Create(context, context.Model.Load(zip, out _));

    public float Run(int thread, int count)
    {
        var engine = engines[thread];
        var sum = 0f;
        for (var i = 0; i < count; i++)
        {
            sum += engine.Predict(rows[i & (rows.Length - 1)]).Score;
        }

        return sum;
    }

    public double Nanoseconds(int count)
    {
        var fastest = double.MaxValue;
        for (var done = 0; done < count; done += 1_000)
        {
            var start = Stopwatch.GetTimestamp();
            Run(0, 1_000);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalNanoseconds / 1_000);
        }

        return fastest;
    }

    private static PredictionEngine<BenchRow, BenchScore>[] Create(MLContext context, ITransformer model) =>
        [.. Enumerable.Range(0, 2).Select(_ => context.Model.CreatePredictionEngine<BenchRow, BenchScore>(model, new PredictionEngineOptions { OwnsTransformer = false }))];
}
