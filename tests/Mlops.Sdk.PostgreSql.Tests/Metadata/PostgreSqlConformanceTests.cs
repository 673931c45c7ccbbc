using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Mlops.Sdk.TestServers;
using Npgsql;

namespace Mlops.Sdk.PostgreSql.Tests.Metadata;

/// <summary>The contract on a real PostgreSQL: each fact has a schema of its own.</summary>
public sealed class PostgreSqlConformanceTests(PostgreSqlServer server) : MetadataStoreConformance
{
    private static int schemas;
    private readonly Lazy<NpgsqlDataSource> source = new(() => NpgsqlDataSource.Create(server.ConnectionString));
    private readonly List<RelationalMetadataStore> stores = [];
    private string schema = "";

    protected override async Task<IMetadataStore> CreateAsync()
    {
        schema = FormattableString.Invariant($"conformance_{Interlocked.Increment(ref schemas)}");
        var store = Open();
        await store.OpenAsync(Token);
        return store;
    }

    protected override async Task<IMetadataStore?> ReopenAsync(IMetadataStore store)
    {
        await ((RelationalMetadataStore)store).DisposeAsync();
        return Open();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        if (source.IsValueCreated)
        {
            await source.Value.DisposeAsync();
        }
    }

    private RelationalMetadataStore Open()
    {
        var store = new RelationalMetadataStore(source.Value, new PostgreSqlDialect(schema));
        stores.Add(store);
        return store;
    }
}
