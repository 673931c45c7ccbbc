using Microsoft.ML;
using Microsoft.ML.Data;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;

namespace QuickStart;

public sealed record TrainOptions(string File);

/// <summary>Load, fit, register, promote. A finished step is taken from the store whenever nothing that it depends on has changed.</summary>
public sealed class TrainFuelEconomy(IStepRef<LoadCars> load, IStepRef<FitFuelEconomy> fit, IStepRef<Register> register, IStepRef<Promote> promote)
    : IPipeline<TrainOptions, Registered>
{
    public async Task<Registered> RunAsync(TrainOptions options, IPipelineRun run, CancellationToken cancellationToken)
    {
        var rows = await run.StepAsync(load, options.File, cancellationToken);
        var model = await run.StepAsync(fit, rows, cancellationToken);
        var version = await run.StepAsync(register, model, cancellationToken);
        return await run.StepAsync(promote, version, cancellationToken);
    }
}

/// <summary>Puts the file into the artifact store. Not cached, because the file behind a path may change; equal bytes have an equal digest, so the next step still is.</summary>
[Step("load", Cache = false)]
public sealed class LoadCars(IArtifactStore artifacts) : IStep<string, ArtifactRef>
{
    public async Task<ArtifactRef> RunAsync(string input, StepContext context, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(input);
        return await artifacts.PutAsync(file, cancellationToken);
    }
}

[Step("fit", Environment = ["Microsoft.ML.Data"])]
public sealed class FitFuelEconomy(IArtifactStore artifacts) : IStep<ArtifactRef, ModelPackageRef>
{
    public async Task<ModelPackageRef> RunAsync(ArtifactRef input, StepContext context, CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, await artifacts.ReadBytesAsync(input.Digest, cancellationToken: cancellationToken), cancellationToken);
            var ml = new MLContext(context.Seed);
            var cars = ml.Data.LoadFromTextFile<LabeledCar>(file, ',', hasHeader: true);
            var model = ml.Transforms.Categorical.OneHotEncoding("OriginEncoded", nameof(Car.Origin))
                .Append(ml.Transforms.Concatenate("Features", nameof(Car.Cylinders), nameof(Car.Horsepower), nameof(Car.Weight), nameof(Car.Year), "OriginEncoded"))
                .Append(ml.Regression.Trainers.FastTree(new() { NumberOfThreads = 1, Seed = context.Seed, LabelColumnName = nameof(LabeledCar.Mpg) }))
                .Fit(cars);
            Car[] samples = [new() { Cylinders = 4, Horsepower = 90, Weight = 2200, Year = 1980, Origin = "Japan" }];
            return await MLNetModel.SaveAsync<Car, FuelEconomy>(artifacts, ml, model, cars.Schema, samples, new() { Datasets = [new("training", input.Digest)] }, cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private sealed class LabeledCar
    {
        [LoadColumn(0)]
        public float Mpg { get; set; }

        [LoadColumn(1)]
        public float Cylinders { get; set; }

        [LoadColumn(3)]
        public float Horsepower { get; set; }

        [LoadColumn(4)]
        public float Weight { get; set; }

        [LoadColumn(5)]
        public float Year { get; set; }

        [LoadColumn(6)]
        public string Origin { get; set; } = "";
    }
}

public sealed record Registered(int Version, string ModelDigest);

/// <summary>Registers the package as the next version. The key makes sure that a run which was killed right after this registers no second one.</summary>
[Step("register")]
public sealed class Register(IModelRegistry registry) : IStep<ModelPackageRef, Registered>
{
    public async Task<Registered> RunAsync(ModelPackageRef input, StepContext context, CancellationToken cancellationToken)
    {
        var version = await registry.RegisterAsync(new() { Model = "fuel-economy", Package = input.Package, IdempotencyKey = context.IdempotencyKey }, cancellationToken);
        return new(version.Version, version.ModelDigest.ToString());
    }
}

/// <summary>Makes the version the champion. Not cached: where the alias points is not in the input, and somebody else may have moved it since.</summary>
[Step("promote", Cache = false)]
public sealed class Promote(IModelRegistry registry) : IStep<Registered, Registered>
{
    public async Task<Registered> RunAsync(Registered input, StepContext context, CancellationToken cancellationToken)
    {
        var champion = await registry.FindAliasAsync("fuel-economy", "champion", cancellationToken);
        if (champion?.Version != input.Version)
        {
            await registry.MoveAliasAsync("fuel-economy", "champion", input.Version, champion, "newest training", cancellationToken);
        }

        return input;
    }
}
