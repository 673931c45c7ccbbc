using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry.Scenarios;

/// <summary>A promise of the registry, kept on every metadata store.</summary>
public abstract class RegistryScenario : IAsyncLifetime
{
    internal RegistryHost Host { get; private set; } = null!;

    internal IModelRegistry Registry => Host.Registry;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual ValueTask InitializeAsync()
    {
        Host = NewHost(Open());
        return ValueTask.CompletedTask;
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Host.DisposeAsync();
    }

    /// <summary>A store on the one database of the test.</summary>
    protected abstract IMetadataStore Open();

    /// <summary>How the hosts of this scenario are set up.</summary>
    protected virtual void Configure(RegistryOptions options)
    {
    }

    internal RegistryHost NewHost(IMetadataStore store) => new(store, configure: Configure, artifacts: Host?.Artifacts);

    /// <summary>Registers versions 1 to <paramref name="count"/>.</summary>
    protected async Task RegisterAsync(int count, string model = "delay")
    {
        for (byte i = 1; i <= count; i++)
        {
            await Host.RegisterAsync(model, i);
        }
    }

    protected Task<ModelAlias> Move(int version, ModelAlias? expected, string? why = null) => Registry.MoveAliasAsync("delay", "champion", version, expected, why, Cancel);

    protected async Task<T> As<T>(string actor, Func<Task<T>> act)
    {
        var before = Host.Actor;
        Host.Actor = actor;
        try
        {
            return await act();
        }
        finally
        {
            Host.Actor = before;
        }
    }
}
