using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk.AotApp;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

// Uses what promises to work when compiled ahead of time: stores, a pipeline twice, tracking, the registry. Prints one line that a test compares.
var home = args[0];
var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
var mlops = builder.Services.AddMlops();
_ = args is [_, var connection] ? mlops.UsePostgreSql(connection) : mlops.UseSqlite(o => o.Path = Path.Combine(home, "mlops.db"));
mlops.UseFileArtifacts(o => o.Root = Path.Combine(home, "artifacts")).AddPipeline<Count>();
builder.Services.Configure<PipelineOptions>(o => o.AddTypeInfoResolver(AotJson.Default));
using var host = builder.Build();
await host.StartAsync();

var count = host.Services.GetRequiredService<IPipelineRunner<Count>>();
var first = await count.RunAsync(new CountOptions(["a", "bb", "ccc"]));
var second = await count.RunAsync(new CountOptions(["a", "bb", "ccc"]));

await using (var run = await host.Services.GetRequiredService<IExperimentTracker>().StartRunAsync("aot"))
{
    run.LogMetric("length", first.Output.Total);
    await run.CompleteAsync();
}

var version = await host.Services.GetRequiredService<IModelRegistry>().RegisterAsync(new() { Model = "aot", Package = first.Output.Package });
Console.WriteLine($"total {second.Output.Total}, executed {first.StepsExecuted}, cached {second.StepsCached}, version {version.Version}");
await host.StopAsync();

namespace Mlops.Sdk.AotApp
{
    [JsonSerializable(typeof(CountOptions))]
    [JsonSerializable(typeof(Counted))]
    [JsonSerializable(typeof(IReadOnlyList<int>))]
    internal sealed partial class AotJson : JsonSerializerContext;
}
