namespace Mlops.Sdk.Metadata;

/// <summary>One changeset that waits for the writer. A token that is cancelled before the writer takes it leaves no trace; later it has no effect.</summary>
internal sealed class SqliteWork
{
    private const int Waiting = 0, Taken = 1, Cancelled = 2;
    private readonly TaskCompletionSource<CommitResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration registration;
    private int state;

    public SqliteWork(Changeset changeset, CancellationToken cancellationToken)
    {
        Changeset = changeset;
        PointsOnly = changeset.Changes.All(change => change is Change.Append or Change.Require);
        registration = cancellationToken.UnsafeRegister(
            static (work, token) =>
            {
                var self = (SqliteWork)work!;
                if (Interlocked.CompareExchange(ref self.state, Cancelled, Waiting) == Waiting)
                {
                    self.completion.TrySetCanceled(token);
                }
            },
            this);
    }

    public Changeset Changeset { get; }

    /// <summary>Whether the option of points decides about its durability.</summary>
    public bool PointsOnly { get; }

    public Task<CommitResult> Task => completion.Task;

    /// <summary>Takes it for the open transaction; false when it was cancelled.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Waiting) == Waiting;

    public void Complete(CommitResult result)
    {
        registration.Dispose();
        completion.TrySetResult(result);
    }

    public void Fail(Exception error)
    {
        registration.Dispose();
        completion.TrySetException(error);
    }
}
