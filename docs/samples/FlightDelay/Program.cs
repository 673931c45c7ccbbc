using FlightDelay;
using FlightDelay.Features;
using FlightDelay.Steps;
using FlightDelay.Terminal;
using FlightDelay.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;

return MlopsVerbs.Find(args) is { } verbs
    ? await MlopsVerbs.RunAsync(verbs, Wire)
    : await SampleOptions.Command(RunAsync).RunAsync(args);

static async Task<int> RunAsync(SampleOptions options, CancellationToken cancellationToken)
{
    var source = await LoadFlights.SourceAsync(options.Data.FullName, cancellationToken);
    options.MakeHome();
    using var host = Wire(options);
    var services = host.Services;
    await services.OpenMlopsAsync(cancellationToken);
    return options.Leak ? await CompareAsync(services, options, source, cancellationToken) : await TrainAsync(services, options, source, cancellationToken);
}

static IHost Wire(SampleOptions options)
{
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.ClearProviders();
    _ = options.Verbose ? builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace) : builder.Logging.AddProvider(new Warnings(Terminals.Error));

    builder.Services.AddScoped<ArtifactFiles>();
    builder.Services.AddMlops()
        .UseSqlite(o => o.Path = options.Database)
        .UseFileArtifacts(o => o.Root = options.Artifacts)
        .UseDuckDb()
        .UseMLNet()
        .AddPipeline<TrainFlightDelay>()
        .AddPipeline<CompareLeak>()
        .AddPredictor<FlightFeatures, LatePrediction>(FlightModel.Name, o => o.Check = FlightFeatures.Contract.Compile());
    return builder.Build();
}

static async Task<int> TrainAsync(IServiceProvider services, SampleOptions options, FlightSource source, CancellationToken cancellationToken)
{
    var kill = new KillSwitch(options.KillAfter);
    var champion = await Champion.FindAsync(services.GetRequiredService<IModelRegistry>(), cancellationToken);
    var train = services.GetRequiredService<IPipelineRunner<TrainFlightDelay>>();
    var run = await LiveProgress.RunAsync(
        Terminals.Error,
        progress => train.RunAsync(new TrainOptions(source, champion), new() { Seed = options.Seed, Progress = kill.Watch(progress) }, cancellationToken));

    var result = run.Output;
    var gate = result.Model is { } model ? await services.GetRequiredService<IModelEvaluator>().FindReportAsync(model.Gate.Report.Digest, cancellationToken) : null;
    await LastRun.WriteAsync(options, result.Flights, gate, services.GetRequiredService<IArtifactStore>(), cancellationToken);
    new Summary(options.Json ? Terminals.Error : Terminals.Output, options).Write(run, gate);
    if (options.Json)
    {
        Console.WriteLine(JsonResult.Of(run));
    }

    kill.Warn(Terminals.Error);
    return result.Verdict switch { Verdict.Pass => 0, Verdict.Fail => 2, _ => 3 };
}

static async Task<int> CompareAsync(IServiceProvider services, SampleOptions options, FlightSource source, CancellationToken cancellationToken)
{
    var kill = new KillSwitch(options.KillAfter);
    var compare = services.GetRequiredService<IPipelineRunner<CompareLeak>>();
    var run = await LiveProgress.RunAsync(Terminals.Error, progress => compare.RunAsync(source, new() { Seed = options.Seed, Progress = kill.Watch(progress) }, cancellationToken));
    new Summary(options.Json ? Terminals.Error : Terminals.Output, options).Write(run);
    if (options.Json)
    {
        Console.WriteLine(JsonResult.Of(run));
    }

    kill.Warn(Terminals.Error);
    return 0;
}
