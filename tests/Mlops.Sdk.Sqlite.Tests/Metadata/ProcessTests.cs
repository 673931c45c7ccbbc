using System.Globalization;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>Several processes on one file, and processes that are killed.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private static readonly int Scale = int.Parse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);
    private readonly TemporaryDatabase database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Processes_that_write_at_once_get_numbers_without_gap_and_times_that_grow()
    {
        var store = database.Store();
        var children = Enumerable.Range(0, 2).Select(_ => ChildProcess.Start(database.Path, 100)).ToList();
        var mine = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => store.CommitAsync(ChildProcess.Version("parent"), Token)));
        foreach (var child in children)
        {
            await child.WaitForExitAsync(Token);
            child.ExitCode.Should().Be(0);
            child.Dispose();
        }

        mine.Should().OnlyContain(result => result.Committed);
        var events = new List<StoredEvent>();
        while (await store.ReadEventsAsync(new() { AfterPosition = events.LastOrDefault()?.Position ?? 0 }, Token) is { Items.Count: > 0 } page)
        {
            events.AddRange(page.Items);
        }

        events.Select(e => e.Subject.Key).Should().Equal(Enumerable.Range(1, 300).Select(n => $"m/{n}"), "events come in commit order");
        events.Select(e => e.At).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        events.Select(e => e.Actor).Distinct().Should().HaveCount(2);
    }

    [Fact]
    public async Task A_waiting_reader_sees_the_event_of_another_process()
    {
        var store = database.Store();
        await store.OpenAsync(Token);
        var waiting = store.ReadEventsAsync(new() { Wait = TimeSpan.FromSeconds(60) }, Token);
        using var child = ChildProcess.Start(database.Path, 1);

        (await waiting).Items.Should().ContainSingle().Which.Subject.Key.Should().Be("m/1");
        await child.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_and_nothing_is_half_written()
    {
        var acknowledged = 0;
        for (var kill = 1; kill <= 5 * Scale; kill++)
        {
            using var child = ChildProcess.Start(database.Path, int.MaxValue);
            for (var line = 0; line < 20 + (kill * 7 % 30); line++)
            {
                var key = await child.StandardOutput.ReadLineAsync(Token);
                acknowledged = int.Parse(key!["m/".Length..], CultureInfo.InvariantCulture);
            }

            child.Kill();
            await child.WaitForExitAsync(Token);
        }

        var store = database.Store();
        var count = (int)await store.CountAsync("version", cancellationToken: Token);
        count.Should().BeGreaterThanOrEqualTo(acknowledged);
        var ids = Enumerable.Range(1, count).Select(n => new EntityId("version", $"m/{n}")).ToList();
        (await store.FindAsync(ids, EntityParts.Attributes, Token)).Should().OnlyContain(entity => entity != null && entity.Attributes!.Count == 3, "each has its number, its actor and its latest loss");
        await using var raw = new RawDatabase(database.Path);
        raw.Scalar("select count(*) from event").Should().Be((long)count);
        raw.Scalar("select count(*) from point").Should().Be((long)count);
        raw.Scalar("pragma integrity_check").Should().Be("ok");
    }
}
