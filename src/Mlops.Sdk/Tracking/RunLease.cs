using Microsoft.Extensions.Logging;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>The right to write one run. Held until somebody else resumes the run; every write is guarded by it, and silence is broken by a heartbeat of the store's clock.</summary>
internal sealed class RunLease : IAsyncDisposable
{
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stop = new();
    private long seen;
    private Task beat = Task.CompletedTask;
    private ITimer? timer;

    public RunLease(EntityId run, TimeProvider time)
    {
        this.time = time;
        Run = run;
        Guard = new Change.Require(run) { Attribute = TrackingEntities.Owner, Equal = Owner };
    }

    public EntityId Run { get; }

    public string RunId => Run.Key;

    public string Owner { get; } = MlopsId.NewKey();

    /// <summary>Fails the changeset when somebody else took the run over.</summary>
    public Change.Require Guard { get; }

    /// <summary>A commit moved the run's time of modification.</summary>
    public void Seen() => Volatile.Write(ref seen, time.GetTimestamp());

    public void Start(RunWriter writer, TimeSpan interval, ILogger log)
    {
        Seen();
        timer = time.CreateTimer(_ => Beat(writer, interval, log), null, interval, interval);
    }

    /// <summary>Ends the heartbeat. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (timer is not null)
        {
            await timer.DisposeAsync().ConfigureAwait(false);
        }

        await stop.CancelAsync().ConfigureAwait(false);
        await beat.ConfigureAwait(false);
    }

    // Half an interval: the last sign of life came a little after the tick that gave it.
    private void Beat(RunWriter writer, TimeSpan interval, ILogger log)
    {
        if (beat.IsCompleted && time.GetElapsedTime(Volatile.Read(ref seen)) >= interval / 2)
        {
            beat = BeatAsync(writer, log);
        }
    }

    private async Task BeatAsync(RunWriter writer, ILogger log)
    {
        try
        {
            await writer.TouchAsync(this, stop.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The next tick tries again; what is lost for good is met by the next write.
            if (!stop.IsCancellationRequested)
            {
                Log.NoSignOfLife(log, RunId, e);
            }
        }
    }
}
