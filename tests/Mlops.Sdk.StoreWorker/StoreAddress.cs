using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Npgsql;

namespace Mlops.Sdk.StoreWorker;

/// <summary>Names a store in one text, so that it can be handed to another process: <c>sqlite:PATH</c> or <c>postgresql:SCHEMA:CONNECTION STRING</c>.</summary>
public static class StoreAddress
{
    /// <summary>Opens nothing yet.</summary>
    public static IMetadataStore Store(string address) => address.Split(':', 3) switch
    {
        ["sqlite", var path] => new SqliteMetadataStore(new() { Path = path }),
        ["postgresql", var schema, var connection] => new RelationalMetadataStore(NpgsqlDataSource.Create(connection), new PostgreSqlDialect(schema)),
        _ => throw new ArgumentException($"'{address}' names no store that this program knows; use sqlite:PATH or postgresql:SCHEMA:CONNECTION STRING."),
    };
}
