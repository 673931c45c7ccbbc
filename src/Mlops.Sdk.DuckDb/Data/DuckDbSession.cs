using System.Globalization;
using DuckDB.NET.Data;

namespace Mlops.Sdk.Data;

/// <summary>One locked DuckDB inside the process: it sees the named files and nothing else, and no statement can change that.</summary>
internal sealed class DuckDbSession : IDisposable
{
    private static readonly TimeSpan InterruptAgain = TimeSpan.FromMilliseconds(10);
    private readonly DuckDBConnection connection;
    private readonly DuckDBCommand interrupter;
    private readonly CancellationToken cancellationToken;

    private DuckDbSession(DuckDbOptions options, int threads, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        this.cancellationToken = cancellationToken;
        connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        interrupter = connection.CreateCommand();
        Execute($"SET memory_limit={Sql.Text(options.MemoryLimit)}");
        Execute(string.Create(CultureInfo.InvariantCulture, $"SET threads={threads}"));
        string[] settings =
        [
            "temp_directory=''", "TimeZone='UTC'", "preserve_insertion_order=true", "ieee_floating_point_ops=true", "autoinstall_known_extensions=false", "autoload_known_extensions=false", "allow_community_extensions=false",
            $"allowed_paths={Sql.List(paths.SelectMany(p => new[] { p, Sql.Pattern(p) }).Distinct(StringComparer.Ordinal))}", "enable_external_access=false", "lock_configuration=true",
        ];
        foreach (var setting in settings)
        {
            Execute($"SET {setting}");
        }
    }

    /// <summary>Runs <paramref name="work"/> on a thread of the pool; cancelling interrupts the statement that runs.</summary>
    public static Task<T> RunAsync<T>(DuckDbOptions options, int threads, IEnumerable<string> paths, Func<DuckDbSession, T> work, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            using var done = new CancellationTokenSource();
            using var session = new DuckDbSession(options, threads, paths, cancellationToken);
            var watch = session.InterruptAsync(done.Token);
            try
            {
                return work(session);
            }
            catch (DuckDBException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            finally
            {
                await done.CancelAsync().ConfigureAwait(false);
                await watch.ConfigureAwait(false);
            }
        },
        cancellationToken);

    /// <summary>Runs a statement; returns the number of rows that it wrote.</summary>
    public int Execute(string sql)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>The rows of a small result.</summary>
    public IReadOnlyList<object?[]> Query(string sql)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            }

            rows.Add(row);
        }

        return rows;
    }

    public void Dispose()
    {
        interrupter.Dispose();
        connection.Dispose();
    }

    // An interrupt between two statements is forgotten by the next one, so it is repeated until the work has ended.
    private async Task InterruptAsync(CancellationToken done)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(done, cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!done.IsCancellationRequested)
        {
            interrupter.Cancel();
            await Task.Delay(InterruptAgain, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
