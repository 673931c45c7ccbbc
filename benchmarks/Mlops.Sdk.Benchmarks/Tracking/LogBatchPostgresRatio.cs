using System.Diagnostics;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Metadata.Relational;
using Mlops.Sdk.TestServers;
using Npgsql;

namespace Mlops.Sdk.Benchmarks.Tracking;

/// <summary>Batches of 1,000 metric points with 100 keys into PostgreSQL, latest values included.</summary>
internal sealed class LogBatchPostgresRatio : Ratio
{
    private const int Batches = 100, Batch = 1000, Keys = 100;
    private static readonly string[] Names = [.. Enumerable.Range(0, Keys).Select(k => $"metric-{k}")];
    private static readonly EntityId Run = new("run", "r");
    private readonly PostgreSqlServer server = new();
    private NpgsqlDataSource source = null!;
    private RelationalMetadataStore store = null!;
    private PostgresPointsBaseline raw = null!;
    private long ours;
    private long theirs;

    public override string Name => "tracking.log_batch.postgres";

    public override string Unit => "points/s";

    public override string Better => "higher";

    public override string BaselineIs => "binary COPY of the same batches into the same table, a commit each";

    public override string Durability => "full";

    public override long Rows => Batches * Batch;

    public override async Task SetupAsync()
    {
        await server.InitializeAsync();
        source = NpgsqlDataSource.Create(server.ConnectionString);
        store = new(source, new PostgreSqlDialect());
        await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(Run, new(1, "{}"u8.ToArray()))]));
        raw = new(server.ConnectionString);
    }

    public override async Task<double> OursAsync()
    {
        var started = Stopwatch.GetTimestamp();
        for (var batch = 0; batch < Batches; batch++)
        {
            var points = new MetricPoint[Batch];
            for (var i = 0; i < Batch; i++)
            {
                points[i] = new(Names[i % Keys], ours / Keys, DateTimeOffset.UnixEpoch.AddMilliseconds(ours), ours * 0.1);
                ours++;
            }

            await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Append(Run, points)]));
        }

        return Rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public override async Task<double> BaselineAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var points = new (int Key, long Step, long Timestamp, double Value)[Batch];
        for (var batch = 0; batch < Batches; batch++)
        {
            for (var i = 0; i < Batch; i++)
            {
                points[i] = (i % Keys, theirs / Keys, theirs, theirs * 0.1);
                theirs++;
            }

            await raw.InsertAsync(points);
        }

        return Rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public override async ValueTask DisposeAsync()
    {
        await (store?.DisposeAsync() ?? ValueTask.CompletedTask);
        raw?.Dispose();
        await (source?.DisposeAsync() ?? ValueTask.CompletedTask);
        NpgsqlConnection.ClearAllPools();
        await server.DisposeAsync();
        await base.DisposeAsync();
    }
}
