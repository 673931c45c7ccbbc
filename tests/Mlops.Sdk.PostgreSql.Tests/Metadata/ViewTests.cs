using Mlops.Sdk.StoreWorker;
using Mlops.Sdk.TestServers;
using Npgsql;

namespace Mlops.Sdk.PostgreSql.Tests.Metadata;

public sealed class ViewTests(PostgreSqlServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_views_tell_runs_models_aliases_and_lineage_to_whoever_has_an_sql_client()
    {
        await using var schema = new TestSchema(server);
        var store = schema.Store();
        await store.OpenAsync(Token);
        await using var client = new NpgsqlConnection($"{server.ConnectionString};Search Path={schema.Name}");
        await client.OpenAsync(Token);

        await SqlViews.CheckAsync(store, client, Token);
    }
}
