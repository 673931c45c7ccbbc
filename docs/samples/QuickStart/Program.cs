using Mlops.Sdk;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Serving;
using QuickStart;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddMlops(builder.Configuration.GetSection("Mlops"))
    .UseSqlite()                                    // facts: .mlops/mlops.db
    .UseFileArtifacts()                             // bytes: .mlops/artifacts
    .UseMLNet()
    .AddPipeline<TrainFuelEconomy>()
    .AddPredictor<Car, FuelEconomy>("fuel-economy"); // follows the alias "champion"

builder.Services.AddProblemDetails();

var app = builder.Build();
app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = e => e is MlopsException { IsTransient: true } ? 503 : 500 });
app.MapPost("/train", async (IPipelineRunner<TrainFuelEconomy> train, CancellationToken stop) =>
    await train.RunAsync(new TrainOptions("cars.csv"), cancellationToken: stop));
app.MapPost("/predict", async (Car car, IPredictor<Car, FuelEconomy> predictor) =>
    await predictor.PredictAsync(car) is { IsValid: true } answer ? Results.Ok(new { answer.Value.MilesPerGallon, answer.Version }) : Results.BadRequest());
app.MapHealthChecks("/health");
return await app.RunMlopsAsync(args);               // serves; or "dotnet run -- mlops models list" and the like
