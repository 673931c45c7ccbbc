using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.ML;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Serving;

namespace Mlops.Sdk.MLNet.Tests.Serving;

/// <summary>A host on a SQLite file and artifact files that serves one ML.NET model.</summary>
internal sealed class MLNetHost<TIn, TOut> : IAsyncDisposable
    where TIn : class
    where TOut : class, new()
{
        private readonly IHost host;

    private MLNetHost(bool workers)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.Configure<MlopsOptions>(o => o.Workers = workers);
        builder.Services.AddMlops().UseSqlite(o => o.Path = Path.Combine(Folder, "mlops.db")).UseFileArtifacts(o => o.Root = Path.Combine(Folder, "artifacts")).UseMLNet().AddPredictor<TIn, TOut>("model", o => o.Alias = "champion");
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelRuntime>(Runtime));
        host = builder.Build();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlops-serving-").FullName;

    public CountingRuntime Runtime { get; } = new();

    public IModelRegistry Registry => host.Services.GetRequiredService<IModelRegistry>();

    public IPredictor<TIn, TOut> Predictor => host.Services.GetRequiredService<IPredictor<TIn, TOut>>();

    public static async Task<MLNetHost<TIn, TOut>> StartAsync(bool workers = false)
    {
        var started = new MLNetHost<TIn, TOut>(workers);
        await started.host.StartAsync(TestContext.Current.CancellationToken);
        return started;
    }

    public async Task<int> RegisterAsync(MLContext context, ITransformer model, DataViewSchema schema, params IEnumerable<TIn> samples)
    {
        var package = await MLNetModel.SaveAsync<TIn, TOut>(host.Services.GetRequiredService<IArtifactStore>(), context, model, schema, samples, cancellationToken: TestContext.Current.CancellationToken);
        return (await Registry.RegisterAsync(new() { Model = "model", Package = package.Package }, TestContext.Current.CancellationToken)).Version;
    }

    public async Task<int> RegisterAsync(byte[] zip)
    {
        var package = await new ModelPackageBuilder(MLNetRuntime.RuntimeName).AddFile(MLNetRuntime.ModelPath, zip).SaveAsync(host.Services.GetRequiredService<IArtifactStore>(), TestContext.Current.CancellationToken);
        return (await Registry.RegisterAsync(new() { Model = "model", Package = package.Package }, TestContext.Current.CancellationToken)).Version;
    }

    public async Task<int> ServeAsync(int version)
    {
        var token = TestContext.Current.CancellationToken;
        await Registry.MoveAliasAsync("model", "champion", version, await Registry.FindAliasAsync("model", "champion", token), cancellationToken: token);
        return await Predictor.RefreshAsync(token);
    }

    public async Task<HealthReportEntry> HealthAsync() =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["mlops-models"];

    public Task StopAsync() => host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        host.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
