using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Mlops.Sdk.Metadata;

/// <summary>The data source of the store: the host's, or one of its own made from the connection string, which it then disposes.</summary>
internal sealed class PostgreSqlConnections(IServiceProvider services, IOptions<PostgreSqlMetadataOptions> options) : IAsyncDisposable, IDisposable
{
    private readonly Lazy<NpgsqlDataSource?> own = new(() => options.Value.ConnectionString is { } given ? NpgsqlDataSource.Create(Prepared(given)) : null);

    public NpgsqlDataSource Source => own.Value ?? services.GetService<NpgsqlDataSource>()
        ?? throw new InvalidOperationException("UsePostgreSql() found no database: set Mlops:PostgreSql:ConnectionString, or register an NpgsqlDataSource (services.AddNpgsqlDataSource of Npgsql.DependencyInjection).");

    public ValueTask DisposeAsync() => own is { IsValueCreated: true, Value: { } source } ? source.DisposeAsync() : default;

    public void Dispose()
    {
        if (own is { IsValueCreated: true, Value: { } source })
        {
            source.Dispose();
        }
    }

    /// <summary>Statements recur, so they are prepared on their own, unless the connection string says otherwise.</summary>
    private static string Prepared(string given)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(given);
            if (builder.MaxAutoPrepare == 0 && !given.Contains("Auto Prepare", StringComparison.OrdinalIgnoreCase))
            {
                builder.MaxAutoPrepare = 100;
            }

            return builder.ConnectionString;
        }
        catch (ArgumentException)
        {
            // The message of the original may repeat parts of the string, and so a password.
            throw new ArgumentException("Mlops:PostgreSql:ConnectionString is not a connection string of Npgsql. Write it as Host=…;Database=…;Username=…;Password=….");
        }
    }
}
