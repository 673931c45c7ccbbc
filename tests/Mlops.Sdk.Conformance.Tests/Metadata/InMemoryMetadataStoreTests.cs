using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

public sealed class InMemoryMetadataStoreTests : MetadataStoreConformance
{
    protected override async Task<IMetadataStore> CreateAsync()
    {
        var store = new InMemoryMetadataStore();
        await store.OpenAsync(Token);
        return store;
    }
}
