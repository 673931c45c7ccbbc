using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.MLNet.Tests.Pipelines;

public sealed class ParallelFitTests
{
    [Fact]
    public async Task Three_parallel_fits_give_equal_models_in_twenty_runs()
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            // A host of its own each time, so that nothing is cached.
            var services = new ServiceCollection().AddLogging();
            services.AddMlops().UseInMemory().AddPipeline<Fits>();
            await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

            var result = await provider.GetRequiredService<IPipelineRunner<Fits>>().RunAsync(400, new() { MaxParallel = 3 }, TestContext.Current.CancellationToken);

            result.StepsExecuted.Should().Be(4);
            result.Output.Should().OnlyHaveUniqueItems("three trainers make three models");
            seen.Add(string.Join(' ', result.Output));
        }

        seen.Should().ContainSingle();
    }

    public sealed record Row(float X, float Y, float Label);

    public sealed record FitInput(IReadOnlyList<Row> Rows, string Trainer);

    [Step("rows", Environment = ["Microsoft.ML"])]
    public sealed class MakeRows : IStep<int, IReadOnlyList<Row>>
    {
        public Task<IReadOnlyList<Row>> RunAsync(int input, StepContext context, CancellationToken cancellationToken)
        {
            var random = new Random(context.Seed);
            return Task.FromResult<IReadOnlyList<Row>>([.. Enumerable.Range(0, input).Select(_ => (X: random.NextSingle(), Y: random.NextSingle())).Select(p => new Row(p.X, p.Y, (3 * p.X) - p.Y + (0.1f * random.NextSingle())))]);
        }
    }

    /// <summary>Gives the digest of every prediction, bit by bit.</summary>
    [Step("fit", Environment = ["Microsoft.ML"])]
    public sealed class FitTrainer : IStep<FitInput, Digest>
    {
        public Task<Digest> RunAsync(FitInput input, StepContext context, CancellationToken cancellationToken)
        {
            var ml = new MLContext(context.Seed);
            var data = ml.Data.LoadFromEnumerable(input.Rows.Select(r => new Example { X = r.X, Y = r.Y, Label = r.Label }));
            IEstimator<ITransformer> trainer = input.Trainer switch
            {
                "tree" => ml.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { NumberOfThreads = 1, NumberOfTrees = 20, NumberOfLeaves = 8 }),
                "forest" => ml.Regression.Trainers.FastForest(new FastForestRegressionTrainer.Options { NumberOfThreads = 1, NumberOfTrees = 20, NumberOfLeaves = 8 }),
                _ => ml.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 20 }),
            };
            var model = ml.Transforms.Concatenate("Features", nameof(Example.X), nameof(Example.Y)).Append(trainer).Fit(data);
            var scores = model.Transform(data).GetColumn<float>("Score");
            return Task.FromResult(Digest.Of([.. scores.SelectMany(BitConverter.GetBytes)]));
        }
    }

    public sealed class Fits(IStepRef<MakeRows> rows, IStepRef<FitTrainer> fit) : IPipeline<int, IReadOnlyList<Digest>>
    {
        private static readonly string[] Trainers = ["tree", "forest", "sdca"];

        public async Task<IReadOnlyList<Digest>> RunAsync(int options, IPipelineRun run, CancellationToken cancellationToken)
        {
            var made = await run.StepAsync(rows, options, cancellationToken);
            return await run.ForEachAsync(fit, Trainers.Select(t => new FitInput(made, t)), cancellationToken);
        }
    }

    private sealed class Example
    {
        public float X { get; set; }

        public float Y { get; set; }

        public float Label { get; set; }
    }
}
