using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Tests.Pipelines;

/// <summary>A host in memory, with everything validated, over stores that outlive it.</summary>
public sealed class PipelineHost : IAsyncDisposable
{
    private readonly IHost host;

    public PipelineHost(Action<MlopsBuilder> configure, PipelineHost? after = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        builder.Services.AddSingleton(Journal).AddScoped<Scoped>().AddSingleton<ILoggerProvider>(Logs);
        var mlops = builder.Services.AddMlops().UseInMemory();
        if (after is not null)
        {
            mlops.UseMetadataStore(_ => after.Metadata).UseArtifactStore(_ => after.Artifacts);
        }

        configure(mlops);
        host = builder.Build();
        Metadata = host.Services.GetRequiredService<IMetadataStore>();
        Artifacts = host.Services.GetRequiredService<IArtifactStore>();
    }

    public Journal Journal { get; } = new();

    public CollectingLogs Logs { get; } = new();

    public IMetadataStore Metadata { get; }

    public IArtifactStore Artifacts { get; }

    public IServiceProvider Services => host.Services;

    public IPipelineRunner<T> Runner<T>()
        where T : class => host.Services.GetRequiredService<IPipelineRunner<T>>();

    public void BeginShutdown() => host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

    public async Task<IReadOnlyList<Entity>> AllAsync(string kind) =>
        (await Metadata.QueryAsync(new EntityQuery(kind) { Limit = 1000, Order = [new Order("@created")], Parts = EntityParts.Body | EntityParts.Attributes })).Items;

    public static string? Text(Entity entity, string attribute) => entity.Attributes!.TryGetValue(attribute, out var value) ? value.Text : null;

    public async Task<string[]> StatesAsync(string kind) => [.. (await AllAsync(kind)).Select(e => Text(e, "state")!)];

    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}

/// <summary>Keeps what was logged.</summary>
public sealed class CollectingLogs : ILoggerProvider, ILogger
{
    private readonly List<(int Id, LogLevel Level, string Text)> lines = [];

    public IReadOnlyList<(int Id, LogLevel Level, string Text)> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines)
        {
            lines.Add((eventId.Id, logLevel, formatter(state, exception)));
        }
    }
}

/// <summary>Keeps events in the order in which they came.</summary>
public sealed class CollectingProgress : IProgress<PipelineEvent>
{
    public List<PipelineEvent> Events { get; } = [];

    public IEnumerable<PipelineEventKind> Kinds => Events.Select(e => e.Kind);

    public void Report(PipelineEvent value) => Events.Add(value);
}
