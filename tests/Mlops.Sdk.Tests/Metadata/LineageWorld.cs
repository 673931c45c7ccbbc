using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Metadata;

/// <summary>
/// A host that did what hosts do: a pipeline of three steps ran twice, its fit is a tracked run below a study, and two versions were registered, one from the pipeline run and one from the tracked run.
/// </summary>
public sealed class LineageWorld : IAsyncDisposable
{
    private readonly ServiceProvider host;

    private LineageWorld(ServiceProvider host) => this.host = host;

    public ILineage Lineage => host.GetRequiredService<ILineage>();

    public IMetadataStore Metadata => host.GetRequiredService<IMetadataStore>();

    public ArtifactRef Raw { get; private set; } = null!;

    public ArtifactRef Features { get; private set; } = null!;

    public ArtifactRef Report { get; private set; } = null!;

    public Digest Package { get; private set; }

    public string First { get; private set; } = "";

    public string Second { get; private set; } = "";

    public string Tracked { get; private set; } = "";

    public string Study { get; private set; } = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LineageWorld> CreateAsync(Action<MlopsBuilder> store)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var mlops = services.AddMlops(new ConfigurationBuilder().AddInMemoryCollection([new("Tracking:CaptureCode", "false")]).Build()).AddPipeline<TrainLate>();
        store(mlops);
        var world = new LineageWorld(services.BuildServiceProvider());
        await world.host.OpenMlopsAsync(Token);
        await world.ActAsync();
        return world;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task ActAsync()
    {
        var artifacts = host.GetRequiredService<IArtifactStore>();
        var tracker = host.GetRequiredService<IExperimentTracker>();
        var registry = host.GetRequiredService<IModelRegistry>();
        Raw = await artifacts.PutBytesAsync("late,hour\n1,7\n"u8.ToArray(), Token);
        Report = await artifacts.PutBytesAsync("the report"u8.ToArray(), Token);
        await using (var study = await tracker.StartRunAsync("flights", new() { Name = "study" }, Token))
        {
            Study = study.Id;
            var runner = host.GetRequiredService<IPipelineRunner<TrainLate>>();
            var first = await runner.RunAsync(new LateOptions(Raw, study.Id), cancellationToken: Token);
            var second = await runner.RunAsync(new LateOptions(Raw, study.Id), cancellationToken: Token);
            (First, Second) = (first.RunId, second.RunId);
            (Features, Package, Tracked) = (first.Output.Features, first.Output.Package.Package, first.Output.Run);
            await study.CompleteAsync(Token);
        }

        await registry.RegisterAsync(new() { Model = "late", Package = Package, GateReport = Report.Digest, Run = new("pipeline-run", Second), IdempotencyKey = "once" }, Token);
        await registry.RegisterAsync(new() { Model = "late", Package = Package, Run = new("run", Tracked) }, Token);
        await registry.MoveAliasAsync("late", "champion", 2, null, cancellationToken: Token);
    }
}

public sealed record LateOptions(ArtifactRef Raw, string Study);

public sealed record LateFit(ArtifactRef Features, string Study);

public sealed record LateModel(ArtifactRef Features, ModelPackageRef Package, string Run);

[Step("prepare", Code = StepCode.Declared)]
public sealed class PrepareLate(IArtifactStore artifacts) : IStep<ArtifactRef, ArtifactRef>
{
    public async Task<ArtifactRef> RunAsync(ArtifactRef input, StepContext context, CancellationToken cancellationToken) =>
        await artifacts.PutBytesAsync((await artifacts.ReadBytesAsync(input.Digest, cancellationToken: cancellationToken)).AsMemory(10), cancellationToken);
}

[Step("fit", Code = StepCode.Declared)]
public sealed class FitLate(IArtifactStore artifacts, IExperimentTracker tracker) : IStep<LateFit, LateModel>
{
    public async Task<LateModel> RunAsync(LateFit input, StepContext context, CancellationToken cancellationToken)
    {
        await using var run = await tracker.StartRunAsync("flights", new() { Name = "fit", Parent = input.Study, Inputs = [new(input.Features.Digest, DatasetRole.Training, "late features", 1)] }, cancellationToken);
        await run.LogArtifactAsync("plot.svg", new MemoryStream("<svg/>"u8.ToArray()), cancellationToken);
        var package = await new ModelPackageBuilder("own") { Datasets = [new("training", input.Features.Digest, 1)] }.AddFile("model/weights.bin", "12"u8.ToArray()).SaveAsync(artifacts, cancellationToken);
        await run.CompleteAsync(cancellationToken);
        return new(input.Features, package, run.Id);
    }
}

public sealed class TrainLate(IStepRef<PrepareLate> prepare, IStepRef<FitLate> fit) : IPipeline<LateOptions, LateModel>
{
    public async Task<LateModel> RunAsync(LateOptions options, IPipelineRun run, CancellationToken cancellationToken)
    {
        var features = await run.StepAsync(prepare, options.Raw, cancellationToken);
        return await run.StepAsync(fit, new LateFit(features, options.Study), cancellationToken);
    }
}
