using System.Data.Common;
using System.Globalization;
using Mlops.Sdk.Metadata.Relational;
using MySqlConnector;

namespace MariaDbStore;

/// <summary>
/// The SQL of MariaDB 10.6 and newer, with MySqlConnector. The tables live in the database that the connections name, and nothing else should. Everything passes the suite but the sign of zero: MariaDB keeps
/// -0 as 0. Of the doubles, three are merged with a neighbour to make room for NaN and the infinities: see <see cref="Encode"/>.
/// </summary>
public sealed class MariaDbDialect : ISqlDialect
{
    private const string Lock = "concat('mlops ', md5(database()))";
    private const string Collation = "character set utf8mb4 collate utf8mb4_nopad_bin";
    private static readonly double Infinity = Math.BitDecrement(double.MaxValue);
    private static readonly double Greatest = Math.BitDecrement(Infinity);

    public string Name => "mariadb";

    public string Now => "timestampdiff(microsecond, '1970-01-01', utc_timestamp(6))";

    public string LockSchema => $"select get_lock({Lock}, 3600)";

    public string UnlockSchema => $"select release_lock({Lock})";

    public bool HasTransactionalDdl => false;

    // The database uses an index of the beginning of texts by itself.
    public IReadOnlyList<string> AfterTables => [$"create index if not exists text_value on {Table("text")} (name, value(255), entity)"];

    // A process that is stopped inside a commit would hold up all others; the server closes its connection.
    public IReadOnlyList<string> BeforeCommit => ["set session idle_transaction_timeout = 15"];

    // Unless told otherwise, MariaDB sorts texts by their first 1,024 bytes.
    public IReadOnlyList<string> BeforeRead => ["set session max_sort_length = 65536"];

    public int MaxRows => 1000;

    public string Table(string name) => $"`{name}`";

    public string Type(SqlColumn column) => column.Type switch
    {
        SqlColumnType.Big => "bigint",
        SqlColumnType.Small => "int",
        SqlColumnType.Number => "double",
        SqlColumnType.Key => $"varchar({column.Length}) {Collation}",
        SqlColumnType.Text => $"text {Collation}",
        SqlColumnType.Bytes => "longblob",
        SqlColumnType.BinaryKey => $"varbinary({column.Length})",
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "This is not a type of a column."),
    };

    public string Parameter(int ordinal) => string.Create(CultureInfo.InvariantCulture, $"@p{ordinal}");

    /// <remarks>
    /// The lower case of MariaDB folds all of Unicode, so the ASCII letters of the pattern are folded one by one. And <c>concat</c> keeps it from looking the pattern up in an index, where it misses characters
    /// beyond the basic plane.
    /// </remarks>
    public string Like(string column, string pattern, bool ignoreCase, SqlStatement statement)
    {
        column = $"concat({column})";
        if (ignoreCase)
        {
            pattern = string.Concat(pattern.Select(c => char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) : c));
            column = pattern.Where(char.IsAsciiLetter).Distinct().Aggregate(column, (folded, letter) => $"replace({folded}, '{char.ToUpperInvariant(letter)}', '{letter}')");
        }

        return $"{column} like {statement.Add(pattern.Replace("|", "||", StringComparison.Ordinal))} escape '|'";
    }

    /// <remarks>
    /// NaN and the infinities take the places of the outermost doubles, which keeps the order: the greatest is NaN, the next infinity, the next <see cref="double.MaxValue"/>; what lies between is stored as that.
    /// </remarks>
    public object Encode(double value) => value switch
    {
        double.NaN => double.MaxValue,
        double.PositiveInfinity => Infinity,
        double.NegativeInfinity => double.MinValue,
        _ => Math.Clamp(value, Math.BitIncrement(double.MinValue), Greatest),
    };

    public double Decode(double value) => value switch
    {
        double.MaxValue => double.NaN,
        double.MinValue => double.NegativeInfinity,
        _ when value == Infinity => double.PositiveInfinity,
        _ when value == Greatest => double.MaxValue,
        _ when value == Math.BitIncrement(double.MinValue) => double.MinValue,
        _ => value,
    };

    public SqlFailure Explain(DbException error) => error is not MySqlException { ErrorCode: not MySqlErrorCode.None } e
        ? new($"the connection to the MariaDB server broke ({error.Message}). Check that the server runs.", IsTransient: true)
        : e.ErrorCode switch
        {
            MySqlErrorCode.NoSuchTable => new($"{e.Message}. Restart the process, so that the store opens again.", IsMissingTable: true),
            MySqlErrorCode.AccessDenied => new($"MariaDB refuses the credentials ({e.Message}). Check user and password of the connection string."),
            MySqlErrorCode.UnknownDatabase => new($"{e.Message}. Create the database, or name another in the connection string."),
            MySqlErrorCode.ServerShutdown or MySqlErrorCode.ConnectionCountError or MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.UnableToConnectToHost =>
                new($"MariaDB is busy, restarting or cannot be reached ({e.Message}). Check host and port of the connection string, and that the server runs.", IsTransient: true),
            _ => new($"MariaDB reported '{e.Message}' ({(int)e.ErrorCode}).", e.IsTransient),
        };
}
