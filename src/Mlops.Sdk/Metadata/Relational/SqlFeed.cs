using System.Data.Common;
using System.Net.Sockets;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// Wakes those who wait for events: at once after a commit of this process, and when the database tells of another's. Tells others at most once in 50 milliseconds, outside the commit: inside, it would
/// make commits several times slower. A database that cannot tell is polled.
/// </summary>
internal sealed class SqlFeed(DbDataSource source, ISqlDialect dialect, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ListenAgain = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource stop = new();
    private TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task listening = Task.CompletedTask;
    private Task telling = Task.CompletedTask;
    private int isListening;
    private int isTelling;

    /// <summary>Completes at the next news; to be taken before looking.</summary>
    public Task Next => Volatile.Read(ref news).Task;

    /// <summary>Something was committed by this process.</summary>
    public void Committed()
    {
        Wake();
        if (!stop.IsCancellationRequested && Interlocked.Exchange(ref isTelling, 1) == 0)
        {
            telling = TellAsync();
        }
    }

    public async Task WaitAsync(Task next, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref isListening, 1) == 0)
        {
            listening = ListenAsync();
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token);
        await next.WaitAsync(atMost, clock, waiting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(stop.IsCancellationRequested, typeof(RelationalMetadataStore));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(listening, telling).ConfigureAwait(false);
        stop.Dispose();
    }

    private void Wake() => Interlocked.Exchange(ref news, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task TellAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await Task.Delay(Debounce, clock, stop.Token).ConfigureAwait(false);
            Volatile.Write(ref isTelling, 0);
            await dialect.NotifyAsync(source, stop.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DbException or OperationCanceledException or IOException or SocketException or TimeoutException or InvalidOperationException)
        {
            // Others find the commit by polling.
            Volatile.Write(ref isTelling, 0);
        }
    }

    private async Task ListenAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await dialect.ListenAsync(source, Wake, stop.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is DbException or OperationCanceledException or IOException or SocketException or TimeoutException or InvalidOperationException)
            {
                // Polling goes on meanwhile.
                await Task.Delay(ListenAgain, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
