namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Removes the points that deleted entities left behind, in the background and without the store's lock: nobody sees them, and nobody waits. What fails is done after the next deletion.</summary>
internal sealed class SqlPurge(ISqlDialect dialect, SqlDatabase database) : IAsyncDisposable
{
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

    /// <summary>Purges one owner; false when there is none left.</summary>
    private async Task<bool> NextAsync()
    {
        var next = new SqlStatement(dialect, $"select owner from {dialect.Table("purge")} order by owner limit 1");
        var owners = await database.ReadOneAsync("purge", (session, token) => session.ListAsync(next, row => row.GetInt64(0), token), stop.Token).ConfigureAwait(false);
        if (owners.Count == 0)
        {
            return false;
        }

        await database.ReadOneAsync("purge", async (session, token) =>
        {
            await session.RunAsync([Delete("point"), Delete("purge")], null, token).ConfigureAwait(false);
            return true;
        }, stop.Token).ConfigureAwait(false);
        return true;

        SqlStatement Delete(string table)
        {
            var statement = new SqlStatement(dialect);
            return statement.Append($"delete from {dialect.Table(table)} where owner = {statement.Add(owners[0])}");
        }
    }
}
