using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Mlops.Sdk.TestServers;
using MySqlConnector;

namespace MariaDbStore.Tests;

/// <summary>The contract on a real MariaDB.</summary>
public sealed class MariaDbConformanceTests(MariaDbServer server) : MetadataStoreConformance
{
    private readonly List<MySqlDataSource> databases = [];
    private readonly List<IAsyncDisposable> opened = [];

    /// <summary>MariaDB keeps -0 as 0, in every type and even in an expression: a deliberate deviation, harmless because the two are equal.</summary>
    public override async Task The_sign_of_zero_survives()
    {
        await CommitAsync(New("a", ("minus", -0.0)));
        Assert.Equal(0L, BitConverter.DoubleToInt64Bits((await GetAsync(Id("a"))).Attributes!["minus"].Number!.Value));
    }

    protected override async Task<IMetadataStore> CreateAsync()
    {
        databases.Add(await MariaDbDatabases.TakeAsync(server, Token));
        var store = Open(databases[^1]);
        await store.OpenAsync(Token);
        return store;
    }

    protected override async Task<IMetadataStore?> ReopenAsync(IMetadataStore store)
    {
        await ((RelationalMetadataStore)store).DisposeAsync();
        return Open(databases[^1]);
    }

    /// <summary>Another process: connections of its own.</summary>
    protected override Task<IMetadataStore?> ShareAsync(IMetadataStore store, TimeProvider clock)
    {
        var source = new MySqlDataSource(new MySqlConnectionStringBuilder(server.ConnectionString) { Database = MariaDbDatabases.Name(databases[^1]) }.ConnectionString);
        opened.Add(source);
        return Task.FromResult<IMetadataStore?>(Open(source));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        for (var i = opened.Count - 1; i >= 0; i--)
        {
            await opened[i].DisposeAsync();
        }

        databases.ForEach(MariaDbDatabases.Return);
    }

    private RelationalMetadataStore Open(MySqlDataSource source)
    {
        var store = new RelationalMetadataStore(source, new MariaDbDialect());
        opened.Add(store);
        return store;
    }
}
