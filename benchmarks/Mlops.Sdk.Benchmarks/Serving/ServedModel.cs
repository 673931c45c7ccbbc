using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Serving;

namespace Mlops.Sdk.Benchmarks.Serving;

/// <summary>One model twice: registered, packaged and served with the contract of its input's attributes, and in the hands of the baseline.</summary>
internal sealed class ServedModel : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly BenchRow[] rows = BenchModels.Rows(64);

    private ServedModel(ServiceProvider services, MLContext context, Stream zip)
    {
        this.services = services;
        Predictor = services.GetRequiredService<IPredictor<BenchRow, BenchScore>>();
        Bare = new(context, zip, rows);
    }

    public IPredictor<BenchRow, BenchScore> Predictor { get; }

    public BareEngine Bare { get; }

    public static async Task<ServedModel> CreateAsync(Func<MLContext, (ITransformer Model, DataViewSchema Schema)> fit)
    {
        var context = new MLContext(1);
        var (model, schema) = fit(context);
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddMlops().UseInMemory().UseMLNet().AddPredictor<BenchRow, BenchScore>("bench");
        var services = collection.BuildServiceProvider();
        await services.OpenMlopsAsync();
        using var zip = new MemoryStream();
        context.Model.Save(model, schema, zip);
        zip.Position = 0;
        var package = await new ModelPackageBuilder(MLNetRuntime.RuntimeName).AddFile(MLNetRuntime.ModelPath, zip.ToArray()).SaveAsync(services.GetRequiredService<IArtifactStore>());
        var registry = services.GetRequiredService<IModelRegistry>();
        await registry.RegisterAsync(new() { Model = "bench", Package = package.Package });
        await registry.MoveAliasAsync("bench", "champion", 1, expected: null);
        var served = new ServedModel(services, context, zip);
        await served.Predictor.RefreshAsync();
        for (var i = 0; i < 40; i++)
        {
            await served.RunAsync(5_000);
            served.Bare.Run(0, 5_000);
        }

        return served;
    }

    public async Task<float> RunAsync(int count)
    {
        var sum = 0f;
        for (var i = 0; i < count; i++)
        {
            var prediction = await Predictor.PredictAsync(rows[i & (rows.Length - 1)]);
            sum += prediction.Value.Score;
        }

        return sum;
    }

    /// <summary>The fastest of the slices of 1,000 calls, as the baseline measures: what a slice costs that nothing interrupts.</summary>
    public async Task<double> NanosecondsAsync(int count)
    {
        var fastest = double.MaxValue;
        for (var done = 0; done < count; done += 1_000)
        {
            var start = Stopwatch.GetTimestamp();
            await RunAsync(1_000);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalNanoseconds / 1_000);
        }

        return fastest;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
