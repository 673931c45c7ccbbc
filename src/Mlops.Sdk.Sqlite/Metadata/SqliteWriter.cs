using System.Collections.Concurrent;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// The one writer of a store: it takes everything that waits into one transaction (group commit), so that 64 writers share one sync to the disk instead of queueing for 64.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxGroup = 256;
    private readonly ConcurrentQueue<SqliteWork> queue = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly SqliteFile file;
    private readonly SqliteConnectionHandle connection;
    private readonly SqliteTransaction transaction;
    private readonly bool relaxPoints;
    private readonly Action committed;
    private bool purge = true;
    private volatile bool closed;

    /// <param name="file">The database.</param>
    /// <param name="connection">A prepared connection, owned from now on.</param>
    /// <param name="transaction">What runs on it.</param>
    /// <param name="relaxPoints">Whether groups of nothing but points commit without a sync.</param>
    /// <param name="committed">Called after each transaction that changed something.</param>
    public SqliteWriter(SqliteFile file, SqliteConnectionHandle connection, SqliteTransaction transaction, bool relaxPoints, Action committed)
    {
        this.file = file;
        this.connection = connection;
        this.transaction = transaction;
        this.relaxPoints = relaxPoints;
        this.committed = committed;
    }

    /// <summary>Queues a changeset. When nobody is writing the caller writes, because changing threads twice takes longer than the commit; else whoever is writing takes it along.</summary>
    public Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken)
    {
        var work = new SqliteWork(changeset, cancellationToken);
        queue.Enqueue(work);
        if (closed && work.TryTake())
        {
            work.Fail(new ObjectDisposedException(typeof(SqliteMetadataStore).FullName));
        }
        else if (turn.Wait(0, CancellationToken.None))
        {
            _ = WriteAsync();
        }

        return work.Task;
    }

    /// <summary>Finishes what waits, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        closed = true;
        await turn.WaitAsync().ConfigureAwait(false);
        while (!queue.IsEmpty)
        {
            await GroupAsync().ConfigureAwait(false);
        }

        // The turn is kept: nobody writes any more.
        connection.Dispose();
    }

    /// <summary>Writes until nothing waits. Owns the turn when called, and gives it back.</summary>
    private async Task WriteAsync()
    {
        do
        {
            try
            {
                await GroupAsync().ConfigureAwait(false);
                if (!queue.IsEmpty || purge)
                {
                    // The caller's own changeset is done; the rest is not its business, nor that of its context.
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    await RestAsync().ConfigureAwait(false);
                }
            }
            finally
            {
                turn.Release();
            }
        }
        while (!queue.IsEmpty && turn.Wait(0, CancellationToken.None));
    }

    /// <summary>What others queued meanwhile; while there is nothing, what deleted entities left behind is removed.</summary>
    private async Task RestAsync()
    {
        while (true)
        {
            if (!queue.IsEmpty)
            {
                await GroupAsync().ConfigureAwait(false);
            }
            else if (!purge || closed || !await PurgeAsync().ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Removes one slice; false when there is nothing left, or when it could not be done.</summary>
    private async Task<bool> PurgeAsync()
    {
        try
        {
            purge = transaction.HasPurge();
            if (purge)
            {
                transaction.SetDurability(normal: false);
                await file.BeginAsync(connection).ConfigureAwait(false);
                transaction.Purge();
            }

            return purge;
        }
        catch (MlopsException)
        {
            // It is tried again after the next commit; whoever commits next learns of a broken disk.
            return false;
        }
    }

    private async Task GroupAsync()
    {
        var group = new List<SqliteWork>();
        try
        {
            connection.Operation = "commit";
            if (!queue.TryPeek(out var next))
            {
                return;
            }

            var normal = relaxPoints && next.PointsOnly;
            transaction.SetDurability(normal);
            await file.BeginAsync(connection).ConfigureAwait(false);

            // Only now, with the lock in hand: whoever gives up while another process writes leaves no trace.
            while (group.Count < MaxGroup && queue.TryPeek(out var work) && (!normal || work.PointsOnly))
            {
                _ = queue.TryDequeue(out _);
                if (work.TryTake())
                {
                    group.Add(work);
                }
            }

            await RunAsync(group).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            connection.Rollback();
            FailAll(group, error);
        }

        purge |= group.Exists(work => work.Changeset.Changes.Any(change => change is Change.Delete));
    }

    private async Task RunAsync(List<SqliteWork> group)
    {
        CommitResult[] results;
        try
        {
            results = transaction.Run(group);
        }
        catch (Exception) when (group.Count > 1)
        {
            // One changeset may be at fault, or the disk may have room for some of them only: each for itself.
            foreach (var work in group)
            {
                await RunAloneAsync(work).ConfigureAwait(false);
            }

            return;
        }

        Finish(group, results);
    }

    private async Task RunAloneAsync(SqliteWork work)
    {
        try
        {
            await file.BeginAsync(connection).ConfigureAwait(false);
            Finish([work], transaction.Run([work]));
        }
        catch (Exception error)
        {
            work.Fail(error);
        }
    }

    private void Finish(List<SqliteWork> group, CommitResult[] results)
    {
        for (var i = 0; i < group.Count; i++)
        {
            group[i].Complete(results[i]);
        }

        committed();
    }

    private void FailAll(List<SqliteWork> group, Exception error)
    {
        if (group.Count == 0)
        {
            // The lock could not be had: everyone who waits has waited as long.
            while (queue.TryDequeue(out var work))
            {
                if (work.TryTake())
                {
                    work.Fail(error);
                }
            }
        }

        foreach (var work in group)
        {
            work.Fail(error);
        }
    }
}
