using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Mlops.Sdk.TestServers;
using Npgsql;

namespace Mlops.Sdk.PostgreSql.Tests.Metadata;

/// <summary>A schema of its own on the server of the tests, and the stores that a test opens on it.</summary>
public sealed class TestSchema(PostgreSqlServer server) : IAsyncDisposable
{
    private static int schemas;
    private readonly List<RelationalMetadataStore> stores = [];

    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(server.ConnectionString);

    public string Name { get; } = FormattableString.Invariant($"test_{Interlocked.Increment(ref schemas)}");

    public RelationalMetadataStore Store(RelationalMetadataOptions? options = null, TimeProvider? clock = null)
    {
        var store = new RelationalMetadataStore(Source, new PostgreSqlDialect(Name), options, clock);
        stores.Add(store);
        return store;
    }

    public async Task<long> CountAsync(string sql) => Convert.ToInt64(await ScalarAsync(sql), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The first value of a statement, in which § stands for the schema.</summary>
    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql.Replace("§", Name, StringComparison.Ordinal));
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        await Source.DisposeAsync();
    }
}
