using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about events and the change feed.</summary>
public abstract class MetadataEventFacts : MetadataLinkFacts
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public virtual async Task An_event_is_read_back_as_it_was_noted()
    {
        var result = await CommitAsync(new Change.Note(Id("gone"), "alias.moved", "b"u8.ToArray()) { Why = "better" }, new Change.Note(Id("gone"), "plain"));
        var events = await EventsAsync(new());
        Assert.Equal(["alias.moved", "plain"], events.Select(e => e.Type));
        Assert.Equal(("ada", Id("gone"), "better", result.At), (events[0].Actor, events[0].Subject, events[0].Why, events[0].At));
        Assert.Equal("b"u8.ToArray(), events[0].Body.ToArray());
        Assert.Null(events[1].Why);
        Assert.True(events[1].Body.IsEmpty);
        Assert.True(events[0].Position < events[1].Position, "Positions must grow within one changeset.");
    }

    [Fact]
    public virtual async Task Events_are_selected_by_position_kind_and_subject()
    {
        var positions = new List<long>();
        foreach (var kind in new[] { "run", "model", "run", "alias", "model" })
        {
            positions.Add((await CommitAsync(new Change.Note(new(kind, "x"), "noted"), new Change.Note(new(kind, "y", "other"), "noted"))).Position);
            await CommitAsync(New($"{positions.Count}"));
        }

        Assert.Equal(10, (await EventsAsync(new() { Limit = 3 })).Count);
        for (var i = 0; i < positions.Count; i++)
        {
            Assert.Equal(10 - (2 * (i + 1)), (await EventsAsync(new() { AfterPosition = positions[i] })).Count);
        }

        Assert.Equal(["run", "run", "run", "run"], (await EventsAsync(new() { Kinds = ["run"], Limit = 1 })).Select(e => e.Subject.Kind));
        Assert.Equal(6, (await EventsAsync(new() { Kinds = ["run", "alias"], Limit = 2 })).Count);
        Assert.Equal(2, (await EventsAsync(new() { Subject = new("model", "x"), Limit = 1 })).Count);
        Assert.Equal(2, (await EventsAsync(new() { Subject = new("model", "y", "other") })).Count);
        Assert.Empty(await EventsAsync(new() { Subject = new("model", "y") }));
        Assert.Empty(await EventsAsync(new() { Subject = new("model", "x"), Kinds = ["run"] }));
        Assert.Empty(await EventsAsync(new() { AfterPosition = long.MaxValue }));
    }

    [Fact]
    public virtual async Task A_reader_who_follows_16_writers_misses_nothing_and_sees_commit_order()
    {
        const int Writers = 16, Each = 15;
        var results = new System.Collections.Concurrent.ConcurrentBag<(CommitResult Result, string[] Keys)>();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                string[] keys = [.. Enumerable.Range(0, 1 + (i % 3)).Select(n => $"{writer}-{i}-{n}")];
                results.Add((await CommitAsync([.. keys.Select(k => new Change.Note(Id(k), "made"))]), keys));
            }
        })));
        var seen = new List<StoredEvent>();
        for (var last = false; !last;)
        {
            // What was committed before a read begins, the read must see: an empty page after the last commit is the end.
            var done = writing.IsCompleted;
            var page = await Store.ReadEventsAsync(new() { AfterPosition = seen.Count == 0 ? 0 : seen[^1].Position, Limit = 7, Wait = done ? TimeSpan.Zero : TimeSpan.FromMilliseconds(50) }, Token).WaitAsync(Long, Token);
            seen.AddRange(page.Items);
            last = done && page.Items.Count == 0;
        }

        await writing;
        Assert.Equal(results.OrderBy(r => r.Result.Position).SelectMany(r => r.Keys), seen.Select(e => e.Subject.Key));
        Assert.All(seen.Zip(seen.Skip(1)), p => Assert.True(p.First.Position < p.Second.Position && p.First.At <= p.Second.At, $"{p.First} is not before {p.Second}."));
    }

    [Fact]
    public virtual async Task A_waiting_reader_wakes_up_at_the_first_event_that_it_asked_for()
    {
        var after = (await CommitAsync(new Change.Note(Id("a"), "old"))).Position;
        var waiting = Store.ReadEventsAsync(new() { AfterPosition = after, Kinds = ["thing"], Wait = TimeSpan.FromMinutes(10) }, Token);
        await CommitAsync(New("a"));
        await CommitAsync(new Change.Note(new("other", "b"), "unwanted"));
        await ConflictAsync(new Change.Note(Id("a"), "refused"), new Change.Touch(Id("gone")));
        await CommitAsync(new Change.Note(Id("a"), "new"));
        Assert.Equal("new", Assert.Single((await waiting.WaitAsync(Long, Token)).Items).Type);
    }

    [Fact]
    public virtual async Task A_reader_who_waits_in_vain_gets_an_empty_page_and_one_who_does_not_wait_gets_it_at_once()
    {
        await CommitAsync(New("a"));
        Assert.Empty((await Store.ReadEventsAsync(new(), Token).WaitAsync(Long, Token)).Items);
        Assert.Empty((await Store.ReadEventsAsync(new() { Wait = TimeSpan.FromMilliseconds(30) }, Token).WaitAsync(Long, Token)).Items);
    }

    [Fact]
    public virtual async Task A_waiting_reader_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        var waiting = Store.ReadEventsAsync(new() { Wait = TimeSpan.FromMinutes(10) }, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Long, Token));
    }
}
