using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Mlops.Sdk.TestServers;

namespace Mlops.Sdk.PostgreSql.Tests.Metadata;

/// <summary>The contract on a real PostgreSQL: each fact has a schema of its own.</summary>
public sealed class PostgreSqlConformanceTests(PostgreSqlServer server) : MetadataStoreConformance
{
    private readonly List<TestSchema> schemas = [];

    protected override async Task<IMetadataStore> CreateAsync()
    {
        schemas.Add(new(server));
        var store = schemas[^1].Store();
        await store.OpenAsync(Token);
        return store;
    }

    protected override async Task<IMetadataStore?> ReopenAsync(IMetadataStore store)
    {
        await ((RelationalMetadataStore)store).DisposeAsync();
        return schemas[^1].Store();
    }

    protected override Task<IMetadataStore?> ShareAsync(IMetadataStore store, TimeProvider clock) => Task.FromResult<IMetadataStore?>(schemas[^1].Store(clock: clock));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var schema in schemas)
        {
            await schema.DisposeAsync();
        }
    }
}
