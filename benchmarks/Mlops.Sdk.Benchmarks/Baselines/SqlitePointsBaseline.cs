using Microsoft.Data.Sqlite;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>Metric points by hand: one prepared insert, one transaction with a sync per batch.</summary>
internal sealed class SqlitePointsBaseline : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand insert;

    public SqlitePointsBaseline(string path)
    {
        connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using var create = new SqliteCommand(
            "pragma journal_mode = wal; pragma synchronous = full; create table point(run integer, key integer, step integer, ts integer, value real, primary key(run, key, step, ts, value)) without rowid",
            connection);
        create.ExecuteNonQuery();
        insert = new("insert into point values (1, @key, @step, @ts, @value)", connection);
        Array.ForEach(["@key", "@step", "@ts"], name => insert.Parameters.Add(name, SqliteType.Integer));
        insert.Parameters.Add("@value", SqliteType.Real);
        insert.Prepare();
    }

    public void Insert(ReadOnlySpan<(int Key, long Step, long Timestamp, double Value)> batch)
    {
        using var transaction = connection.BeginTransaction();
        insert.Transaction = transaction;
        foreach (var (key, step, timestamp, value) in batch)
        {
            (insert.Parameters[0].Value, insert.Parameters[1].Value, insert.Parameters[2].Value, insert.Parameters[3].Value) = (key, step, timestamp, value);
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Dispose() => connection.Dispose();
}
