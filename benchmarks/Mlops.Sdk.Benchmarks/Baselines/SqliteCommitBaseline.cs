using Microsoft.Data.Sqlite;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>One commit of one 2 KB record by hand: a prepared insert in a transaction of its own, with a sync.</summary>
internal sealed class SqliteCommitBaseline : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand insert;
    private long last;

    public SqliteCommitBaseline(string path)
    {
        connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using var create = new SqliteCommand("pragma journal_mode = wal; pragma synchronous = full; create table record(id integer primary key, body blob)", connection);
        create.ExecuteNonQuery();
        insert = new("insert into record values (@id, @body)", connection);
        insert.Parameters.Add(new("@id", null));
        insert.Parameters.Add(new("@body", null));
    }

    public void Commit(byte[] body)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        insert.Transaction = transaction;
        insert.Parameters[0].Value = ++last;
        insert.Parameters[1].Value = body;
        insert.ExecuteNonQuery();
        transaction.Commit();
    }

    public void Dispose()
    {
        insert.Dispose();
        connection.Dispose();
    }
}
