namespace Mlops.Sdk.Metadata.Relational;

/// <summary>One changeset that waits for its turn. A token that is cancelled before it is taken leaves no trace; later it has no effect.</summary>
internal sealed class SqlWork
{
    private const int Waiting = 0, Taken = 1, Cancelled = 2;
    private readonly TaskCompletionSource<CommitResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration registration;
    private int state;

    public SqlWork(Changeset changeset, CancellationToken cancellationToken)
    {
        Changeset = changeset;
        Rows = changeset.Changes.Sum(change => change is Change.Append append ? append.Points.Count : 1);
        registration = cancellationToken.UnsafeRegister(
            static (work, token) =>
            {
                var self = (SqlWork)work!;
                if (Interlocked.CompareExchange(ref self.state, Cancelled, Waiting) == Waiting)
                {
                    self.completion.TrySetCanceled(token);
                }
            },
            this);
    }

    public Changeset Changeset { get; }

    /// <summary>About how many rows it writes; counted by the caller, so that changes that cannot be enumerated are his error and nobody else's.</summary>
    public int Rows { get; }

    public Task<CommitResult> Task => completion.Task;

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
