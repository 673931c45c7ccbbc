using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>A folder of its own for one test, with stores on the file in it.</summary>
internal sealed class TemporaryDatabase : IAsyncDisposable
{
    private readonly List<SqliteMetadataStore> stores = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlops-sqlite-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "sub", "mlops.db");

    public SqliteMetadataStore Store(TimeProvider? clock = null, Action<SqliteMetadataOptions>? configure = null, SqliteQueryLimits? limits = null)
    {
        var options = new SqliteMetadataOptions { Path = Path };
        configure?.Invoke(options);
        var store = new SqliteMetadataStore(options, clock) { Limits = limits ?? new() };
        stores.Add(store);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
