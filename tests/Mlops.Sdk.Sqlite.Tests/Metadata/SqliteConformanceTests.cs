using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>The contract on SQLite files.</summary>
public sealed class SqliteConformanceTests : MetadataStoreConformance
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlops-sqlite-").FullName;
    private readonly List<SqliteMetadataStore> stores = [];

    protected override async Task<IMetadataStore> CreateAsync()
    {
        var store = Open(System.IO.Path.Combine(folder, $"{stores.Count}.db"));
        await store.OpenAsync(Token);
        return store;
    }

    protected override async Task<IMetadataStore?> ReopenAsync(IMetadataStore store)
    {
        await ((SqliteMetadataStore)store).DisposeAsync();
        return Open(System.IO.Path.Combine(folder, $"{stores.Count - 1}.db"));
    }

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

    private SqliteMetadataStore Open(string path)
    {
        var store = new SqliteMetadataStore(new() { Path = path });
        stores.Add(store);
        return store;
    }
}
