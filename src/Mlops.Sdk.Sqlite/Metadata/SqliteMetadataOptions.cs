using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Mlops.Sdk.Metadata;

/// <summary>Options of the SQLite metadata store; section <c>Mlops:Sqlite</c>.</summary>
public sealed class SqliteMetadataOptions
{
    /// <summary>The default of <see cref="Path"/>.</summary>
    public const string DefaultPath = ".mlops/mlops.db";

    /// <summary>
    /// The database file. A relative path is taken from the host's content root, or from the working directory when there is no host. Folders are created. It must be on a local disk:
    /// SQLite's locks do not work on network file systems. Default <c>.mlops/mlops.db</c>.
    /// </summary>
    [Required]
    public string Path { get; set; } = DefaultPath;

    /// <summary>How long a commit may wait for another process that writes, and a reader for recovery after a crash; then a transient <see cref="MlopsException"/>. Default 30 seconds.</summary>
    [SecondsRange(0.001, 3600)]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What a commit of nothing but metric points survives. <see cref="SqliteDurability.Full"/> (default): a power cut. <see cref="SqliteDurability.Normal"/>: the end of the process, but a power cut may take the
    /// last commits; faster where the disk is slow to sync. Every other commit is always full.
    /// </summary>
    [EnumDataType(typeof(SqliteDurability))]
    public SqliteDurability PointDurability { get; set; } = SqliteDurability.Full;

    /// <summary>How often a waiting reader of events looks for those that other processes wrote; events of this process arrive at once. Default 200 milliseconds.</summary>
    [SecondsRange(0.01, 60)]
    public TimeSpan EventPollInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// What opening may do to the schema. <see cref="StoreMigration.Auto"/> (default) creates the file, and migrates an older schema in one transaction after a backup to <c>PATH.schema-N.bak</c> beside it.
    /// <see cref="StoreMigration.Never"/> works on every released schema.
    /// </summary>
    [EnumDataType(typeof(StoreMigration))]
    public StoreMigration Migrate { get; set; } = StoreMigration.Auto;
}

/// <summary>What an acknowledged commit survives.</summary>
public enum SqliteDurability
{
    /// <summary>A power cut: the log is synced to the disk before the commit returns (<c>synchronous=FULL</c>).</summary>
    Full,

    /// <summary>The end of the process; a power cut may take the last commits, never part of one (<c>synchronous=NORMAL</c>).</summary>
    Normal,
}

/// <summary>Checks <see cref="SqliteMetadataOptions"/> at host start.</summary>
[OptionsValidator]
internal sealed partial class SqliteMetadataOptionsValidator : IValidateOptions<SqliteMetadataOptions>;
