using System.Data.Common;
using Mlops.Sdk.Metadata.Relational;
using Npgsql;

namespace Mlops.Sdk.Metadata;

/// <summary>The SQL of PostgreSQL 15 and newer. All objects live in one schema, which is created when it is missing.</summary>
public sealed class PostgreSqlDialect : ISqlDialect
{
    /// <summary>The schema unless another is named.</summary>
    public const string DefaultSchema = "mlops";

    /// <summary>A btree entry holds at most 2,704 bytes; this many characters always fit.</summary>
    private const int IndexedCharacters = 200;
    private readonly string schema;
    private readonly string channel;

    /// <summary>The dialect for a schema.</summary>
    /// <exception cref="ArgumentException">The name of the schema is not 1 to 40 lower-case letters, digits and underscores, beginning with a letter.</exception>
    public PostgreSqlDialect(string schema = DefaultSchema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schema.Length is 0 or > 40 || !char.IsAsciiLetterLower(schema[0]) || !schema.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            throw new ArgumentException($"'{schema}' is not a name for the schema (Mlops:PostgreSql:Schema): use 1 to 40 lower-case letters, digits and underscores, beginning with a letter.", nameof(schema));
        }

        // Quoted, because the word may be one of SQL.
        this.schema = $"\"{schema}\"";
        channel = $"{schema}_committed";
    }

    /// <inheritdoc/>
    public string Name => "postgresql";

    /// <inheritdoc/>
    public string Now => "floor(extract(epoch from clock_timestamp()) * 1000000)::bigint";

    /// <inheritdoc/>
    public string LockSchema => $"select pg_advisory_xact_lock(hashtext('{channel}'))";

    /// <inheritdoc/>
    public IReadOnlyList<string> BeforeTables => [$"create schema if not exists {schema}"];

    /// <inheritdoc/>
    public IReadOnlyList<string> AfterTables =>
    [
        $"create index text_value on {Table("text")} (name, left(value, {IndexedCharacters}), entity)",

        // Values differ from name to name: without this, the planner takes the most common values of all names together for those of each.
        $"create statistics {Table("number_values")} (mcv) on name, value from {Table("number")}",
        $"create statistics {Table("text_values")} (mcv) on name, value from {Table("text")}",
        .. PostgreSqlViews.Create(schema),
    ];

    /// <inheritdoc/>
    /// <remarks>A process that is stopped inside a commit would hold up all others; the server ends its transaction.</remarks>
    public IReadOnlyList<string> BeforeCommit => ["set local idle_in_transaction_session_timeout = 15000"];

    /// <inheritdoc/>
    public int MaxRows => 10_000;

    /// <inheritdoc/>
    public string Table(string name) => $"{schema}.{name}";

    /// <inheritdoc/>
    public string Type(SqlColumn column) => column?.Type switch
    {
        SqlColumnType.Big => "bigint",
        SqlColumnType.Small => "integer",
        SqlColumnType.Number => "double precision",
        SqlColumnType.Key or SqlColumnType.Text => "text collate \"C\"",
        SqlColumnType.Bytes or SqlColumnType.BinaryKey => "bytea",
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "This is not a type of a column."),
    };

    /// <inheritdoc/>
    public string Parameter(int ordinal) => $"${ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public string? IndexedText(string text) => $"left({text}, {IndexedCharacters}) collate \"C\"";

    /// <inheritdoc/>
    /// <remarks>An empty escape makes the backslash an ordinary character; in the collation "C" <c>lower</c> folds ASCII letters only.</remarks>
    public string Like(string column, string pattern, bool ignoreCase, SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return ignoreCase
            ? $"lower({column} collate \"C\") like lower({statement.Add(pattern)}::text collate \"C\") escape ''"
            : $"{column} like {statement.Add(pattern)} escape ''";
    }

    /// <inheritdoc/>
    public string In(string column, IReadOnlyList<object> values, SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(statement);
        return $"{column} = any({statement.Add(Array(values))})";
    }

    /// <inheritdoc/>
    public void Insert(SqlStatement statement, string table, IReadOnlyList<SqlColumn> columns, IReadOnlyList<object?[]> rows)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        var arrays = columns.Select((column, i) => $"{statement.Add(Array(column, rows, i))}::{Type(column).Split(' ')[0]}{(column.Type == SqlColumnType.Number ? " precision" : "")}[]").ToList();
        statement.Append($"insert into {Table(table)} ({string.Join(", ", columns.Select(c => c.Name))}) select * from unnest({string.Join(", ", arrays)})");
    }

    /// <inheritdoc/>
    public SqlFailure Explain(DbException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return PostgreSqlErrors.Explain(error);
    }

    /// <inheritdoc/>
    public async Task NotifyAsync(DbDataSource database, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        var command = database.CreateCommand($"select pg_notify('{channel}', '')");
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ListenAsync(DbDataSource database, Action committed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(committed);
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        if (connection is not NpgsqlConnection listener)
        {
            return;
        }

        listener.Notification += (_, _) => committed();
        var command = listener.CreateCommand();
        await using var __ = command.ConfigureAwait(false);
        command.CommandText = $"listen {channel}";
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);

        // What was committed while nobody listened.
        committed();
        while (true)
        {
            await listener.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static Array Array(IReadOnlyList<object> values) => values[0] switch
    {
        long => values.Cast<long>().ToArray(),
        int => values.Cast<int>().ToArray(),
        double => values.Cast<double>().ToArray(),
        byte[] => values.Cast<byte[]>().ToArray(),
        _ => values.Cast<string>().ToArray(),
    };

    private static Array Array(SqlColumn column, IReadOnlyList<object?[]> rows, int index) => column.Type switch
    {
        SqlColumnType.Big when column.Nullable => System.Array.ConvertAll([.. rows], row => (long?)row[index]),
        SqlColumnType.Big => System.Array.ConvertAll([.. rows], row => (long)row[index]!),
        SqlColumnType.Small => System.Array.ConvertAll([.. rows], row => (int)row[index]!),
        SqlColumnType.Number => System.Array.ConvertAll([.. rows], row => (double)row[index]!),
        SqlColumnType.Bytes or SqlColumnType.BinaryKey => System.Array.ConvertAll([.. rows], row => (byte[])row[index]!),
        _ => System.Array.ConvertAll([.. rows], row => (string?)row[index]),
    };
}
