namespace Mlops.Sdk.StoreWorker;

/// <summary>The workers of one test on one store. None outlives it, however it ends.</summary>
public sealed class WorkerCrew(string address) : IAsyncDisposable
{
    private readonly List<WorkerProcess> workers = [];

    /// <summary>What all of them were told is stored.</summary>
    public Acknowledgements Acknowledged { get; } = new();

    /// <summary>Starts a further worker that works for ever, or as many rounds as given on each thread.</summary>
    public WorkerProcess Start(int threads, int rounds = 0)
    {
        workers.Add(WorkerProcess.Start(address, workers.Count, threads, Acknowledged, rounds));
        return workers[^1];
    }

    /// <summary>Waits until all have come to their end.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var worker in workers)
        {
            await worker.EndAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }
    }
}
