using Microsoft.Data.Sqlite;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>Numbered versions by hand: prepared ADO.NET commands behind one lock, which spares the writers SQLite's own waits, and a transaction with a sync for each version.</summary>
internal sealed class SqliteVersionsBaseline : IDisposable
{
    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly SqliteCommand number;
    private readonly SqliteCommand insert;

    public SqliteVersionsBaseline(string path)
    {
        connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using var create = new SqliteCommand("pragma journal_mode = wal; pragma synchronous = full; create table counter(scope text primary key, last integer); create table version(id text primary key, number integer, created integer, body blob)", connection);
        create.ExecuteNonQuery();
        number = new("insert into counter values ('m', 1) on conflict do update set last = last + 1 returning last", connection);
        insert = new("insert into version values (@id, @number, @created, @body)", connection);
        Array.ForEach(["@id", "@number", "@created", "@body"], name => insert.Parameters.Add(new(name, null)));
    }

    public void Commit(byte[] body)
    {
        lock (gate)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            (number.Transaction, insert.Transaction) = (transaction, transaction);
            var n = (long)number.ExecuteScalar()!;
            (insert.Parameters[0].Value, insert.Parameters[1].Value, insert.Parameters[2].Value, insert.Parameters[3].Value) = ($"m/{n}", n, DateTime.UtcNow.Ticks, body);
            insert.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    public void Dispose() => connection.Dispose();
}
