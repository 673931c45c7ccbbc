using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>The contract on SQLite files.</summary>
public sealed class SqliteConformanceTests : MetadataStoreConformance
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-sqlite-").FullName;
    private readonly List<SqliteMetadataStore> stores = [];
    private string path = "";

    protected override async Task<IMetadataStore> CreateAsync()
    {
        path = System.IO.Path.Combine(folder, $"{stores.Count}.db");
        var store = Open();
        await store.OpenAsync(Token);
        return store;
    }

    protected override async Task<IMetadataStore?> ReopenAsync(IMetadataStore store)
    {
        await ((SqliteMetadataStore)store).DisposeAsync();
        return Open();
    }

    protected override Task<IMetadataStore?> ShareAsync(IMetadataStore store, TimeProvider clock) => Task.FromResult<IMetadataStore?>(Open(clock));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        foreach (var file in Directory.GetFiles(folder))
        {
            File.Delete(file);
        }
    }

    private SqliteMetadataStore Open(TimeProvider? clock = null)
    {
        var store = new SqliteMetadataStore(new() { Path = path }, clock);
        stores.Add(store);
        return store;
    }
}
