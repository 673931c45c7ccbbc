namespace Mlops.Sdk.Metadata;

/// <summary>What opening a metadata store may do to the schema of its database. A schema that a newer version wrote is refused in every case.</summary>
public enum StoreMigration
{
    /// <summary>Create a missing schema and migrate an older one forward, in one transaction. The default.</summary>
    Auto,

    /// <summary>Change nothing: unless the schema is the current one, refuse with a message that says how to create or migrate it. For databases where only a DBA changes schemas.</summary>
    Check,

    /// <summary>
    /// Change nothing and be content with an older schema as long as this version can read and write it as it is; then what came with a later schema, such as a view, is missing. A missing schema is refused.
    /// For a roll-out during which processes of an older version still use the database: they would refuse a migrated one.
    /// </summary>
    Never,
}
