using System.Threading.Channels;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// The one writer of a store: it takes everything that waits into one transaction (group commit), so that 64 writers share one sync to the disk instead of queueing for 64.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxGroup = 256;
    private readonly Channel<SqliteWork> queue = Channel.CreateUnbounded<SqliteWork>();
    private readonly SqliteFile file;
    private readonly SqliteConnectionHandle connection;
    private readonly SqliteTransaction transaction;
    private readonly bool relaxPoints;
    private readonly Action committed;
    private readonly Task loop;

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
        loop = Task.Run(RunAsync);
    }

    public Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken)
    {
        var work = new SqliteWork(changeset, cancellationToken);
        ObjectDisposedException.ThrowIf(!queue.Writer.TryWrite(work), typeof(SqliteMetadataStore));
        return work.Task;
    }

    /// <summary>Finishes what waits, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var group = new List<SqliteWork>();
        var purge = true;
        while (await MoreAsync(purge).ConfigureAwait(false))
        {
            purge = await GroupAsync(group).ConfigureAwait(false);
        }

        connection.Dispose();
    }

    /// <summary>Waits for work; what deleted entities left behind is removed while there is none.</summary>
    private async ValueTask<bool> MoreAsync(bool purge)
    {
        try
        {
            while (purge && !queue.Reader.TryPeek(out _) && !queue.Reader.Completion.IsCompleted && transaction.HasPurge())
            {
                transaction.SetDurability(normal: false);
                await file.BeginAsync(connection).ConfigureAwait(false);
                transaction.Purge();
            }
        }
        catch (MlopsException)
        {
            // It is tried again after the next commit; whoever commits next learns of a broken disk.
        }

        return await queue.Reader.WaitToReadAsync().ConfigureAwait(false);
    }

    private async Task<bool> GroupAsync(List<SqliteWork> group)
    {
        group.Clear();
        try
        {
            connection.Operation = "commit";
            var normal = relaxPoints && queue.Reader.TryPeek(out var next) && next.PointsOnly;
            transaction.SetDurability(normal);
            await file.BeginAsync(connection).ConfigureAwait(false);

            // Only now, with the lock in hand: whoever gives up while another process writes leaves no trace.
            while (group.Count < MaxGroup && queue.Reader.TryPeek(out var work) && (!normal || work.PointsOnly))
            {
                _ = queue.Reader.TryRead(out _);
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

        return group.Exists(work => work.Changeset.Changes.Any(change => change is Change.Delete));
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
            while (queue.Reader.TryRead(out var work))
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
