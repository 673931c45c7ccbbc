using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps metadata in PostgreSQL.</summary>
public static class PostgreSqlMlopsBuilderExtensions
{
    /// <summary>
    /// Keeps metadata in PostgreSQL, through the <see cref="NpgsqlDataSource"/> that the host registered, or the connection string of the options. Options come from the child section <c>PostgreSql</c> of the
    /// configuration given to <c>AddMlops</c>, then from <paramref name="configure"/>, and are validated at host start. Does no I/O.
    /// </summary>
    public static MlopsBuilder UsePostgreSql(this MlopsBuilder builder, Action<PostgreSqlMetadataOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = builder.Services.AddOptions<PostgreSqlMetadataOptions>().ValidateOnStart();
        if (builder.Configuration is { } configuration)
        {
            options.Bind(configuration.GetSection("PostgreSql"));
        }

        options.Configure(configure);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgreSqlMetadataOptions>, PostgreSqlMetadataOptionsValidator>());
        builder.Services.TryAddSingleton<PostgreSqlConnections>();
        return builder.UseMetadataStore(Create);
    }

    /// <summary>Keeps metadata in PostgreSQL as the configuration says, through the <see cref="NpgsqlDataSource"/> that the host registered unless there is a connection string.</summary>
    public static MlopsBuilder UsePostgreSql(this MlopsBuilder builder) => builder.UsePostgreSql(_ => { });

    /// <summary>Keeps metadata in the PostgreSQL database of a connection string.</summary>
    public static MlopsBuilder UsePostgreSql(this MlopsBuilder builder, string connectionString) => builder.UsePostgreSql(options => options.ConnectionString = connectionString);

    private static RelationalMetadataStore Create(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<PostgreSqlMetadataOptions>>().Value;
        return new(
            services.GetRequiredService<PostgreSqlConnections>().Source,
            new PostgreSqlDialect(options.Schema),
            new() { Migrate = options.Migrate, RetryFor = options.RetryFor, EventPollInterval = options.EventPollInterval },
            services.GetRequiredService<TimeProvider>());
    }
}
