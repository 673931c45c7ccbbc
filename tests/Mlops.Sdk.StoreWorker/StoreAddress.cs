using MariaDbStore;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using MySqlConnector;
using Npgsql;

namespace Mlops.Sdk.StoreWorker;

/// <summary>Names a store in one text, so that it can be handed to another process: <c>sqlite:PATH</c>, <c>postgresql:SCHEMA:CONNECTION STRING</c> or <c>mariadb:DATABASE:CONNECTION STRING</c>.</summary>
public static class StoreAddress
{
    /// <summary>Opens nothing yet.</summary>
    public static IMetadataStore Store(string address) => address.Split(':', 3) switch
    {
        ["sqlite", var path] => new SqliteMetadataStore(new() { Path = path }),
        ["postgresql", var schema, var connection] => new RelationalMetadataStore(NpgsqlDataSource.Create(connection), new PostgreSqlDialect(schema)),
        ["mariadb", var database, var connection] => new RelationalMetadataStore(new MySqlDataSource(new MySqlConnectionStringBuilder(connection) { Database = database }.ConnectionString), new MariaDbDialect()),
        _ => throw new ArgumentException($"'{address}' names no store that this program knows; use sqlite:PATH, postgresql:SCHEMA:CONNECTION STRING or mariadb:DATABASE:CONNECTION STRING."),
    };
}
