using System.Collections.Concurrent;
using Mlops.Sdk.Metadata.Relational;
using Mlops.Sdk.TestServers;
using MySqlConnector;

namespace MariaDbStore.Tests;

/// <summary>Databases for tests. Creating tables takes MariaDB a second, so that those of a test that has ended are emptied and used again.</summary>
internal static class MariaDbDatabases
{
    private static readonly ConcurrentBag<MySqlDataSource> Free = [];
    private static int databases;

    /// <summary>Connections to an empty store, or to a new database in which there is none yet.</summary>
    public static async Task<MySqlDataSource> TakeAsync(MariaDbServer server, CancellationToken cancellationToken)
    {
        if (!Free.TryTake(out var database))
        {
            return await CreateAsync(server, cancellationToken);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tables = new List<string>();
        await using (var list = new MySqlCommand("select table_name from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE'", connection))
        await using (var reader = await list.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                tables.Add(reader.GetString(0));
            }
        }

        // The last statement of the script inserts the row of the store, with an id of its own.
        await using var empty = new MySqlCommand(string.Concat(tables.Select(table => $"delete from `{table}`; ")) + RelationalMetadataStore.Script(new MariaDbDialect())[^1], connection);
        await empty.ExecuteNonQueryAsync(cancellationToken);
        return database;
    }

    /// <summary>Gives the database of a store back that nobody uses any more.</summary>
    public static void Return(MySqlDataSource database) => Free.Add(database);

    /// <summary>The name of a database.</summary>
    public static string Name(MySqlDataSource database) => new MySqlConnectionStringBuilder(database.ConnectionString).Database;

    /// <summary>Connections to a new database.</summary>
    public static async Task<MySqlDataSource> CreateAsync(MariaDbServer server, CancellationToken cancellationToken)
    {
        var name = FormattableString.Invariant($"test_{Interlocked.Increment(ref databases)}");
        await using var connection = new MySqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var create = new MySqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return new(new MySqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString);
    }
}
