namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Options of a <see cref="RelationalMetadataStore"/>.</summary>
public sealed class RelationalMetadataOptions
{
    /// <summary>Whether the store creates and migrates its tables itself. Default <see cref="StoreMigration.Auto"/>.</summary>
    public StoreMigration Migrate { get; set; }

    /// <summary>How long a call tries again while the server restarts or connections break; then a transient <see cref="MlopsException"/>. Zero: not at all. Default 30 seconds.</summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a waiting reader of events looks for those that other processes wrote, when the database cannot wake it. Default 500 milliseconds.</summary>
    public TimeSpan EventPollInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}
