using Npgsql;
using NpgsqlTypes;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>Metric points by hand: one binary COPY per batch into a table with the same index; the commit waits for the disk.</summary>
internal sealed class PostgresPointsBaseline : IDisposable
{
    private readonly NpgsqlConnection connection;

    public PostgresPointsBaseline(string connectionString)
    {
        connection = new(connectionString);
        connection.Open();
        using var create = new NpgsqlCommand(
            "create schema raw; create table raw.point(owner bigint not null, metric integer not null, step bigint not null, ts bigint not null, value double precision not null); create index on raw.point(owner, metric, step)",
            connection);
        create.ExecuteNonQuery();
    }

    public async Task InsertAsync((int Key, long Step, long Timestamp, double Value)[] batch)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy raw.point from stdin (format binary)");
        foreach (var (key, step, timestamp, value) in batch)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(1L, NpgsqlDbType.Bigint);
            await copy.WriteAsync(key, NpgsqlDbType.Integer);
            await copy.WriteAsync(step, NpgsqlDbType.Bigint);
            await copy.WriteAsync(timestamp, NpgsqlDbType.Bigint);
            await copy.WriteAsync(value, NpgsqlDbType.Double);
        }

        await copy.CompleteAsync();
    }

    public void Dispose() => connection.Dispose();
}
