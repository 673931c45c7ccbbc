using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps metadata in SQLite.</summary>
public static class SqliteMlopsBuilderExtensions
{
    /// <summary>
    /// Keeps metadata in one SQLite file, by default <c>.mlops/mlops.db</c> under the host's content root. Options come from the child section <c>Sqlite</c> of the configuration given to <c>AddMlops</c>, then from
    /// <paramref name="configure"/>, and are validated at host start. Does no I/O.
    /// </summary>
    public static MlopsBuilder UseSqlite(this MlopsBuilder builder, Action<SqliteMetadataOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<SqliteMetadataOptions>().ValidateOnStart();
        if (builder.Configuration is { } configuration)
        {
            options.Bind(configuration.GetSection("Sqlite"));
        }

        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteMetadataOptions>, SqliteMetadataOptionsValidator>());
        return builder.UseMetadataStore(services => Create(services));
    }

    private static SqliteMetadataStore Create(IServiceProvider services)
    {
        var given = services.GetRequiredService<IOptions<SqliteMetadataOptions>>().Value;
        var root = services.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory;
        var options = new SqliteMetadataOptions
        {
            Path = Path.Combine(root, given.Path),
            BusyTimeout = given.BusyTimeout,
            PointDurability = given.PointDurability,
            EventPollInterval = given.EventPollInterval,
            Migrate = given.Migrate,
        };
        return new(options, services.GetRequiredService<TimeProvider>());
    }
}
