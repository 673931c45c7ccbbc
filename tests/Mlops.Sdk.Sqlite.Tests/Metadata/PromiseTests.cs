using Mlops.Sdk.StoreWorker;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>The promises of every store, on a SQLite file.</summary>
public sealed class PromiseTests : IAsyncLifetime
{
    private readonly TemporaryDatabase database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Address => $"sqlite:{database.Path}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task What_was_acknowledged_survives_kills_at_random_moments_while_another_process_writes()
    {
        await StorePromises.SurvivesKillsAsync(Address, Environment.TickCount, Token);
        (await database.Store().CheckAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Eight_processes_of_four_threads_lose_nothing_duplicate_nothing_and_see_no_lock()
    {
        await StorePromises.HoldsACrowdAsync(Address, Token);
        await using var raw = new RawDatabase(database.Path);
        (await database.Store().CheckAsync(Token)).Should().BeEmpty();
        raw.Scalar("select count(*) from (select at, lag(at) over (order by position) as before from changeset) where at <= before").Should().Be(0L, "times grow over all processes");
    }

    [Fact]
    public Task Pages_give_each_row_once_while_another_process_inserts() => StorePromises.PagesEachRowOnceAsync(Address, Token);
}
