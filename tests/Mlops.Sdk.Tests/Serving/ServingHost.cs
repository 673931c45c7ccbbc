using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Serving;
using Mlops.Sdk.Tests.Registry;

namespace Mlops.Sdk.Tests.Serving;

/// <summary>A host with a registry in memory, the fake runtime, and the predictor of model <c>adder</c> unless told otherwise.</summary>
internal sealed class ServingHost : IAsyncDisposable
{
    private readonly IHost host;

    public ServingHost(Action<MlopsBuilder>? configure = null, bool workers = false, TimeProvider? time = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.Configure<MlopsOptions>(o => o.Workers = workers);
        var mlops = builder.Services.AddMlops().UseInMemory().UseArtifactStore(_ => Artifacts).AddModelRuntime<FakeRuntime>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelRuntime>(Runtime));
        (configure ?? (b => b.AddPredictor<Question, Answer>("adder")))(mlops);
        host = builder.Build();
    }

    public FakeRuntime Runtime { get; } = new();

    public CarelessArtifactStore Artifacts { get; } = new();

    public IServiceProvider Services => host.Services;

    public IModelRegistry Registry => host.Services.GetRequiredService<IModelRegistry>();

    public IPredictor<Question, Answer> Predictor => host.Services.GetRequiredService<IPredictor<Question, Answer>>();

    public static async Task<ServingHost> StartAsync(Action<MlopsBuilder>? configure = null, bool workers = false, TimeProvider? time = null)
    {
        var host = new ServingHost(configure, workers, time);
        await host.host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public Task StopAsync() => host.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Registers a model that adds a number.</summary>
    public async Task<ModelVersion> RegisterAsync(float number, string model = "adder", string runtime = "fake", params GoldenRow[] golden)
    {
        var package = await new ModelPackageBuilder(runtime)
            .AddFile(FakeRuntime.Path, Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)))
            .AddGoldenRows(golden)
            .SaveAsync(Artifacts, TestContext.Current.CancellationToken);
        return await Registry.RegisterAsync(new() { Model = model, Package = package.Package }, TestContext.Current.CancellationToken);
    }

    public async Task PointAsync(int version, string model = "adder", string alias = "champion") =>
        await Registry.MoveAliasAsync(model, alias, version, await Registry.FindAliasAsync(model, alias, TestContext.Current.CancellationToken), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Registers a model that adds a number, points the champion at it and serves it.</summary>
    public async Task<int> ServeAsync(float number)
    {
        var version = await RegisterAsync(number);
        await PointAsync(version.Version);
        return await Predictor.RefreshAsync(TestContext.Current.CancellationToken);
    }

    public async Task<Prediction<Answer>> PredictAsync(float number) => await Predictor.PredictAsync(new() { Number = number }, TestContext.Current.CancellationToken);

    /// <summary>The file of a version's model in the artifact store.</summary>
    public async Task<Digest> ModelFileAsync(ModelVersion version) =>
        (await ModelPackage.OpenAsync(Artifacts, version.Package, TestContext.Current.CancellationToken)).Manifest.Find(FakeRuntime.Path)!.Digest;

    public async Task<HealthReportEntry> HealthAsync() =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["mlops-models"];

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
