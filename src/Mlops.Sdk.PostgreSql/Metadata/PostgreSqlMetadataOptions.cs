using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mlops.Sdk.Metadata;

/// <summary>Options of the PostgreSQL metadata store; section <c>Mlops:PostgreSql</c>.</summary>
public sealed class PostgreSqlMetadataOptions
{
    /// <summary>The connection string; null, which is the default, uses the <c>NpgsqlDataSource</c> that the host registered.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The schema that holds the tables and nothing of others: 1 to 40 lower-case letters, digits and underscores. Default <c>mlops</c>.</summary>
    [RegularExpression("^[a-z][a-z0-9_]{0,39}$", ErrorMessage = "Mlops:PostgreSql:Schema takes 1 to 40 lower-case letters, digits and underscores, beginning with a letter.")]
    public string Schema { get; set; } = PostgreSqlDialect.DefaultSchema;

    /// <summary>Whether the store creates and migrates its tables itself. Default <see cref="StoreMigration.Auto"/>.</summary>
    [EnumDataType(typeof(StoreMigration))]
    public StoreMigration Migrate { get; set; }

    /// <summary>How long a call tries again while the server restarts or connections break; then a transient <see cref="MlopsException"/>. Zero: not at all. Default 30 seconds.</summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a waiting reader of events looks for those of other processes, in case it was not woken. Default 500 milliseconds.</summary>
    public TimeSpan EventPollInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>Checks <see cref="PostgreSqlMetadataOptions"/> at host start.</summary>
[OptionsValidator]
internal sealed partial class PostgreSqlMetadataOptionsValidator : IValidateOptions<PostgreSqlMetadataOptions>;
