namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Removes the points that deleted entities left behind, in the background and without the store's lock: nobody sees them, and nobody waits. What fails is done after the next deletion.</summary>
internal sealed class SqlPurge(ISqlDialect dialect, SqlDatabase database) : IAsyncDisposable
{
    private const int Slice = 2_000;
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;
    private int isRunning;
    private int again;

    public void Start()
    {
        Volatile.Write(ref again, 1);
        if (Interlocked.Exchange(ref isRunning, 1) == 0)
        {
            running = RunAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (Interlocked.Exchange(ref again, 0) == 1)
            {
                while (await NextAsync().ConfigureAwait(false))
                {
                }
            }
        }
        catch (Exception error) when (error is MlopsException or OperationCanceledException)
        {
            Volatile.Write(ref again, 0);
        }
        finally
        {
            Volatile.Write(ref isRunning, 0);
        }
    }

    /// <summary>Purges a slice of one owner; false when there is none left.</summary>
    private async Task<bool> NextAsync()
    {
        var next = new SqlStatement(dialect, $"select owner from {dialect.Table("purge")} order by owner limit 1");
        var owners = await database.ReadOneAsync("purge", (session, token) => session.ListAsync(next, row => row.GetInt64(0), token), stop.Token).ConfigureAwait(false);
        if (owners.Count == 0)
        {
            return false;
        }

        return await database.ReadOneAsync("purge", (session, token) => SliceAsync(session, owners[0], token), stop.Token).ConfigureAwait(false);
    }

    /// <summary>Removes a slice of the points of an owner, and at the end the note that it has some.</summary>
    private async Task<bool> SliceAsync(SqlSession session, long owner, CancellationToken cancellationToken)
    {
        var next = new SqlStatement(dialect);
        next.Append($"select metric, step from {dialect.Table("point")} where owner = {next.Add(owner)} order by metric, step limit 1 offset {SqlFilter.Literal(Slice)}");
        var ends = await session.ListAsync(next, row => (Metric: row.GetInt32(0), Step: row.GetInt64(1)), cancellationToken).ConfigureAwait(false);
        var points = Delete("point");
        if (ends is [var end])
        {
            points.Append($" and (metric < {points.Add(end.Metric)} or (metric = {points.Add(end.Metric)} and step <= {points.Add(end.Step)}))");
        }

        await session.RunAsync(ends.Count > 0 ? [points] : [points, Delete("purge")], null, cancellationToken).ConfigureAwait(false);
        return true;

        SqlStatement Delete(string table)
        {
            var statement = new SqlStatement(dialect);
            return statement.Append($"delete from {dialect.Table(table)} where owner = {statement.Add(owner)}");
        }
    }
}
