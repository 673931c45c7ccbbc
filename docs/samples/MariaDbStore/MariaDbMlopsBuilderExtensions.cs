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
        builder.Services.AddSingleton(_ => new MySqlDataSource(connectionString));
        return builder.UseMetadataStore(services => new RelationalMetadataStore(services.GetRequiredService<MySqlDataSource>(), new MariaDbDialect()));
    }
}
