using SQLitePCL;

namespace Mlops.Sdk.Metadata;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteConnectionHandle : IDisposable
{
    private const int MaxStatements = 300;
    private readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);
    private readonly sqlite3 db;
    private readonly string path;

    private SqliteConnectionHandle(string path, sqlite3 db)
    {
        this.path = path;
        this.db = db;
    }

    /// <summary>What the connection is doing, for the message when it fails.</summary>
    public string Operation { get; set; } = "open";

    /// <summary>Stops what is done on the connection before its next statement; <see cref="Interrupt"/> stops only one that runs.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Rows changed by the last statement.</summary>
    public int Changes => raw.sqlite3_changes(db);

    /// <summary>Whether a transaction is open; SQLite ends it by itself after some errors.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(db) == 0;

    public bool IsReadOnly => raw.sqlite3_db_readonly(db, "main") == 1;

    /// <summary>Opens the file, creating it when <paramref name="create"/>. The connection waits up to <paramref name="busy"/> for a lock.</summary>
    public static SqliteConnectionHandle Open(string path, bool create, TimeSpan busy)
    {
        Batteries_V2.Init();
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (create ? raw.SQLITE_OPEN_CREATE : 0);
        var code = raw.sqlite3_open_v2(path, out var db, flags, null);
        var connection = new SqliteConnectionHandle(path, db);
        try
        {
            connection.Check(code);
            _ = raw.sqlite3_extended_result_codes(db, 1);
            _ = raw.sqlite3_busy_timeout(db, (int)busy.TotalMilliseconds);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The prepared statement of a text, ready to bind.</summary>
    public SqliteStatement this[string sql]
    {
        get
        {
            Cancellation.ThrowIfCancellationRequested();
            if (statements.TryGetValue(sql, out var statement))
            {
                return statement.Reset();
            }

            Check(raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
            return statements[sql] = new(this, handle);
        }
    }

    /// <summary>Runs statements without parameters.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(db, sql));

    /// <summary>Ends the transaction without changes, whatever state it is in.</summary>
    public void Rollback()
    {
        // Only here: inside a transaction, rows of one statement may be read while others are prepared.
        if (statements.Count > MaxStatements)
        {
            Clear();
        }

        foreach (var statement in statements.Values)
        {
            statement.Reset();
        }

        if (InTransaction)
        {
            _ = raw.sqlite3_exec(db, "rollback");
        }
    }

    /// <summary>Ends the transaction of a read that went well, at less cost than <see cref="Rollback"/>.</summary>
    public void EndRead()
    {
        if (statements.Count <= MaxStatements && InTransaction)
        {
            this["commit"].Run();
        }
    }

    /// <summary>Stops the running statement from another thread.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(db);

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw Error(code);
        }
    }

    public Exception Error(int code) => SqliteErrors.Create(code, raw.sqlite3_errmsg(db).utf8_to_string(), path, Operation);

    public void Dispose()
    {
        Clear();
        db.Dispose();
    }

    private void Clear()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        statements.Clear();
    }
}
