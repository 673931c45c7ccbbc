using System.Collections.Concurrent;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// Commits for one store of this process. Whoever comes while nobody commits does it; whoever comes meanwhile is taken along by the next transaction, so that many writers share lock, round trips and sync.
/// </summary>
internal sealed class SqlCommitter(ISqlDialect dialect, SqlNames names, SqlDatabase database, Action<bool> committed) : IAsyncDisposable
{
    private const int MaxGroup = 128;
    private const int MaxRows = 20_000;
    private const int ForgetEvery = 64;
    private readonly ConcurrentQueue<SqlWork> queue = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile bool closed;
    private int commits;

    public Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken)
    {
        var work = new SqlWork(changeset, cancellationToken);
        queue.Enqueue(work);
        if (closed && work.TryTake())
        {
            work.Fail(new ObjectDisposedException(typeof(RelationalMetadataStore).FullName));
        }
        else if (turn.Wait(0, CancellationToken.None))
        {
            _ = WriteAsync();
        }

        return work.Task;
    }

    /// <summary>Finishes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        closed = true;

        // The turn is kept: nobody writes any more.
        await turn.WaitAsync().ConfigureAwait(false);
        while (!queue.IsEmpty)
        {
            await GroupAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Writes until nothing waits. Owns the turn when called, and gives it back.</summary>
    private async Task WriteAsync()
    {
        do
        {
            try
            {
                while (!queue.IsEmpty)
                {
                    await GroupAsync().ConfigureAwait(false);
                }
            }
            finally
            {
                turn.Release();
            }
        }
        while (!queue.IsEmpty && turn.Wait(0, CancellationToken.None));
    }

    private async Task GroupAsync()
    {
        var group = new List<SqlWork>();
        for (var rows = 0; rows < MaxRows && group.Count < MaxGroup && queue.TryDequeue(out var work);)
        {
            if (work.TryTake())
            {
                group.Add(work);
                rows += work.Rows;
            }
        }

        if (group.Count == 0 || await TryAsync(group, alone: group.Count == 1).ConfigureAwait(false))
        {
            return;
        }

        // One that the database refuses must not fail its neighbours. A changeset whose transaction did get through is answered by its id.
        foreach (var work in group)
        {
            await TryAsync([work], alone: true).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryAsync(List<SqlWork> group, bool alone)
    {
        try
        {
            var changesets = group.ConvertAll(work => work.Changeset);
            var forget = commits++ % ForgetEvery == 0;
            var attempts = 0;
            var (results, done) = await database.RunAsync(
                "commit",
                async (connection, token) =>
                {
                    attempts++;
                    var commit = new SqlGroup(dialect, names, changesets);
                    return (await commit.CommitAsync(connection, forget, token).ConfigureAwait(false), commit);
                },
                CancellationToken.None).ConfigureAwait(false);

            // An attempt whose outcome was unknown may have been the one that committed.
            if (done.IsChanged || attempts > 1)
            {
                committed(done.HasDeleted || attempts > 1);
            }

            for (var i = 0; i < results.Length; i++)
            {
                group[i].Complete(results[i]);
            }

            return true;
        }
        catch (Exception error)
        {
            if (alone || error is MlopsException { IsTransient: true })
            {
                group.ForEach(work => work.Fail(error));
                return true;
            }

            return false;
        }
    }
}
