using Mlops.Sdk.Metadata;
using Mlops.Sdk.StoreWorker;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>What this process sees of another one on the same file.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private readonly TemporaryDatabase database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_waiting_reader_sees_the_event_of_another_process()
    {
        var store = database.Store();
        await store.OpenAsync(Token);
        var waiting = store.ReadEventsAsync(new() { Wait = TimeSpan.FromSeconds(60) }, Token);
        var acknowledged = new Acknowledgements();
        await using var worker = WorkerProcess.Start($"sqlite:{database.Path}", 7, 1, acknowledged, 1);

        var seen = (await waiting).Items[0];
        (await worker.EndAsync(Token)).Should().Be(0);
        (seen.Type, seen.Actor, seen.Subject.Key).Should().Be(("run.started", "worker-7", acknowledged.Runs.Keys.Single()));
    }
}
