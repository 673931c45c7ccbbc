using MariaDbStore;
using Mlops.Sdk.Metadata.Relational;
using MySqlConnector;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps metadata in MariaDB.</summary>
public static class MariaDbMlopsBuilderExtensions
{
    /// <summary>Keeps metadata in the database of a connection string. Does no I/O.</summary>
    public static MlopsBuilder UseMariaDb(this MlopsBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseMetadataStore(_ => new RelationalMetadataStore(new MySqlDataSource(connectionString), new MariaDbDialect()));
    }
}
