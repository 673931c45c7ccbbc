using System.Data.Common;
using Mlops.Sdk.Metadata.Relational;
using Npgsql;

namespace Mlops.Sdk.Metadata;

/// <summary>What errors of PostgreSQL mean to the people who run it. Npgsql's own messages never hold a password.</summary>
internal static class PostgreSqlErrors
{
    /// <summary>The server ended the session of a process that stopped inside a transaction.</summary>
    private const string IdleInTransaction = "25P03";

    public static SqlFailure Explain(DbException error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } e =>
            new($"PostgreSQL refuses the credentials ({e.MessageText}). Check user and password of the connection string or data source."),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } e => new($"{e.MessageText}. Create the database, or name another in the connection string."),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } e => new($"{e.MessageText}. Restart the process, so that the store opens again.", IsMissingTable: true),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e =>
            new($"PostgreSQL does not allow it ({e.MessageText}). Grant the role what is missing; to create the schema it needs CREATE on the database, or a DBA runs the script and Migrate is Check."),
        PostgresException { SqlState: PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject } e =>
            new($"the schema holds tables of another application ({e.MessageText}). Choose another schema (Mlops:PostgreSql:Schema). Nothing was changed."),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } e => new($"the disk of the PostgreSQL server is full ({e.MessageText}). Nothing of the operation was kept; free space and try again."),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => new("the PostgreSQL server is read-only, perhaps a standby. Connect to the primary (Target Session Attributes=primary)."),
        PostgresException e => new($"PostgreSQL reported '{e.MessageText}' ({e.SqlState}).", e.IsTransient || e.SqlState is IdleInTransaction),
        _ => new($"the PostgreSQL server cannot be reached or the connection broke ({error.Message}). Check host and port of the connection string, and that the server runs.", error.IsTransient),
    };
}
