using Microsoft.Data.Sqlite;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>The points of one metric by hand: one ADO.NET reader over the same table.</summary>
internal sealed class SqliteHistoryBaseline : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand select;

    public SqliteHistoryBaseline(string path, string run, string metric)
    {
        connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        select = new("select step, ts, value from point where owner = (select seq from entity where id = @run) and key = (select id from name where text = @metric) order by step, ts, value", connection);
        select.Parameters.AddRange([new("@run", run), new("@metric", metric)]);
    }

    public (long Count, double Sum) Read()
    {
        var (count, sum) = (0L, 0.0);
        using var row = select.ExecuteReader();
        while (row.Read())
        {
            var (_, _, value) = (row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetDouble(2));
            (count, sum) = (count + 1, sum + value);
        }

        return (count, sum);
    }

    public void Dispose() => connection.Dispose();
}
