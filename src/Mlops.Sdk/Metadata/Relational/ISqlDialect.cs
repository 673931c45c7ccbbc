using System.Data.Common;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// What differs from one relational database to another, for <see cref="RelationalMetadataStore"/>. Everything else is plain SQL over ADO.NET. Implementations are immutable and thread-safe and do no I/O.
/// The database must commit a transaction atomically, isolate at READ COMMITTED and REPEATABLE READ, lock rows, know LIMIT and OFFSET, and compare text ordinally.
/// </summary>
/// <remarks>The suite <c>MetadataStoreConformance</c> of Mlops.Sdk.Conformance, run on a real database, says whether a dialect is right.</remarks>
public interface ISqlDialect
{
    /// <summary>The system for people and errors, for example <c>postgresql</c>.</summary>
    string Name { get; }

    /// <summary>A table of this store as SQL: quoted, and qualified by the schema that the dialect was made for. Also used for indexes and views.</summary>
    /// <param name="name">A lower-case word.</param>
    string Table(string name);

    /// <summary>A column type as SQL. Text compares by code point or UTF-8 byte, with case, accents and trailing spaces.</summary>
    string Type(SqlColumn column);

    /// <summary>The marker of a parameter in a statement, for example <c>$1</c> or <c>@p1</c>. A marker that begins with <c>@</c> is also the parameter's name; any other is a number that goes by position. Plain question marks do not do.</summary>
    /// <param name="ordinal">1 for the first.</param>
    string Parameter(int ordinal);

    /// <summary>The server's clock as SQL: a 64-bit integer, microseconds since the Unix epoch. The beginning of the statement will do, the beginning of the transaction will not.</summary>
    string Now { get; }

    /// <summary>
    /// A condition that holds when a text matches a pattern as <see cref="Comparison.Like"/> defines it: <c>%</c> any characters, <c>_</c> one code point, everything else itself, the backslash too.
    /// </summary>
    /// <param name="column">The text as SQL.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="ignoreCase">Whether the ASCII letters, and no others, match in both cases.</param>
    /// <param name="statement">Takes the parameters.</param>
    string Like(string column, string pattern, bool ignoreCase, SqlStatement statement);

    /// <summary>What an error of the database means. Never repeats a password or connection string.</summary>
    SqlFailure Explain(DbException error);

    /// <summary>A number as the column keeps it. Order and equality must carry over, with NaN above every other number; override where the column type lacks NaN or infinities. -0 equals 0.</summary>
    object Encode(double value) => value;

    /// <summary>The inverse of <see cref="Encode"/>.</summary>
    double Decode(double value) => value;

    /// <summary>Whether a transaction can create tables, so that a half-made schema is never seen. Without it everything is created <c>if not exists</c>.</summary>
    bool HasTransactionalDdl => true;

    /// <summary>A query that waits until no other process creates this schema, and then holds others up until its transaction ends or <see cref="UnlockSchema"/> runs.</summary>
    string LockSchema { get; }

    /// <summary>What ends <see cref="LockSchema"/>; null when the end of the transaction does. A connection goes back to its pool and takes a lock of its session with it.</summary>
    string? UnlockSchema => null;

    /// <summary>What precedes the tables, such as <c>create schema</c>. Each statement runs alone and may find its work done.</summary>
    IReadOnlyList<string> BeforeTables => [];

    /// <summary>What follows the tables: at least an index of <c>text(name, value, entity)</c>, as far as the database can index text of 16 KB.</summary>
    IReadOnlyList<string> AfterTables => [];

    /// <summary>What runs first in each transaction that commits, in the same round trip as its first statement, for example a limit to how long a stopped process may hold the lock. Returns no rows.</summary>
    IReadOnlyList<string> BeforeCommit => [];

    /// <summary>What runs first in each read, in the same round trip as its first statement, for example settings of the session without which long texts are not sorted to their end. Returns no rows.</summary>
    IReadOnlyList<string> BeforeRead => [];

    /// <summary>The expression over which <see cref="AfterTables"/> indexed a text, applied to a column or a parameter; null when the column itself was indexed. It must be monotonic.</summary>
    string? IndexedText(string text) => null;

    /// <summary>A condition that a column has one of some values, all of one type and at least one; override where the database takes an array. There may be very many.</summary>
    string In(string column, IReadOnlyList<object> values, SqlStatement statement)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(statement);

        // Filled up to a power of two by repetition, so that few different texts occur.
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)values.Count);
        return $"{column} in ({string.Join(", ", values.Concat(Enumerable.Repeat(values[^1], size - values.Count)).Select(statement.Add))})";
    }

    /// <summary>Writes an insert of some rows; override where the database has something faster than a list of values. At most <see cref="MaxRows"/> at once.</summary>
    void Insert(SqlStatement statement, string table, IReadOnlyList<SqlColumn> columns, IReadOnlyList<object?[]> rows)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(rows);
        statement.Append($"insert into {Table(table)} ({string.Join(", ", columns.Select(c => c.Name))}) values ");
        for (var i = 0; i < rows.Count; i++)
        {
            statement.Append($"{(i == 0 ? "" : ", ")}({string.Join(", ", rows[i].Select(statement.Add))})");
        }
    }

    /// <summary>The most rows in one insert.</summary>
    int MaxRows => 200;

    /// <summary>Tells other processes that something was committed; called at most once in 50 milliseconds, outside the transaction. Does nothing by default: they poll.</summary>
    Task NotifyAsync(DbDataSource database, CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>Calls back whenever another process told of a commit, until it is cancelled or fails. Returns at once by default.</summary>
    Task ListenAsync(DbDataSource database, Action committed, CancellationToken cancellationToken = default) => Task.CompletedTask;
}

/// <summary>What an error of a database means.</summary>
/// <param name="Message">What went wrong and the remedy, as the end of the sentence "Cannot commit: ...".</param>
/// <param name="IsTransient">Whether the same call may succeed later, for example after a restart of the server.</param>
/// <param name="IsMissingTable">Whether the statement named a table or schema that does not exist.</param>
public readonly record struct SqlFailure(string Message, bool IsTransient = false, bool IsMissingTable = false);
