using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about several instances on the same data. Skipped for a store that does not override <see cref="MetadataSuite.ShareAsync"/>.</summary>
public abstract class MetadataHostFacts : MetadataConcurrencyFacts
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public virtual async Task What_one_host_committed_another_sees_at_once()
    {
        var pair = new[] { Store, await HostAsync() };
        await CommitAsync(New("a", ("v", -1)), New("b"));
        for (var i = 0; i < 10; i++)
        {
            var (writer, reader) = (pair[i % 2], pair[(i + 1) % 2]);
            Assert.Equal(i + 1, (await reader.FindAsync([Id("a")], EntityParts.Attributes, Token))[0]!.Revision);
            var result = await CommitAsync(
                writer,
                new Change.Put(Id("a"), i + 1, Body($"{i}")) { Attributes = new Dictionary<string, AttributeValue> { ["v"] = i } },
                New($"new{i}"),
                new Change.Append(Id("a"), [new("loss", i, DateTimeOffset.UnixEpoch, i)]),
                new Change.Connect(new(Id("a"), "uses", Id($"new{i}"))),
                new Change.Note(Id("a"), $"{i}"));
            const string Rule = "Every read that begins after a commit returned sees it, through any instance: no cache, no replica that lags behind.";
            var found = (await reader.FindAsync([Id("a")], EntityParts.Attributes, Token))[0]!;
            Assert.True(found.Revision == i + 2 && found.Attributes!["v"] == i && found.Attributes["loss"] == i, Rule);
            Assert.True((await reader.QueryAsync(new("thing") { Limit = 1 }, Token)).Items[0].Id.Key == $"new{i}", Rule);
            Assert.True(await reader.CountAsync("thing", cancellationToken: Token) == i + 3, Rule);
            Assert.True((await reader.LinksAsync(new([Id("a")], LinkDirection.Out), Token)).Items.Count == i + 1, Rule);
            Assert.True(await reader.ReadPointsAsync(new(Id("a"), "loss"), Token).CountAsync(Token) == i + 1, Rule);
            var last = Assert.Single((await reader.ReadEventsAsync(new() { AfterPosition = result.Position - 1 }, Token)).Items);
            Assert.Equal((result.Position, $"{i}"), (last.Position, last.Type));
        }
    }

    [Fact]
    public virtual async Task A_waiting_reader_wakes_up_when_another_host_commits()
    {
        var host = await HostAsync();
        var after = (await CommitAsync(new Change.Note(Id("a"), "old"))).Position;
        var waiting = host.ReadEventsAsync(new() { AfterPosition = after, Wait = TimeSpan.FromMinutes(10) }, Token);
        await CommitAsync(new Change.Note(Id("a"), "new"));
        Assert.Equal("new", Assert.Single((await waiting.WaitAsync(Long, Token)).Items).Type);
    }

    [Fact]
    public virtual async Task A_changeset_that_is_retried_through_another_host_is_applied_once()
    {
        var hosts = new[] { Store, await HostAsync(), await HostAsync() };
        for (var round = 1; round <= 5; round++)
        {
            var changeset = new Changeset(MlopsId.New(), "ada", [new Change.CreateNumbered("version", Id("a"), Body()), new Change.Note(Id("a"), "made")]);
            var results = await Task.WhenAll(Enumerable.Range(0, 9).Select(i => Task.Run(() => hosts[i % 3].CommitAsync(changeset, Token)))).WaitAsync(Long, Token);
            Assert.All(results, r => Assert.Equal([new("version", $"a/{round}")], r.Created));
            Assert.Single(results.Select(r => (r.Position, r.At)).Distinct());
            Assert.Equal(round, (await EventsAsync(new())).Count);
        }
    }

    [Fact]
    public virtual async Task Numbers_of_several_hosts_have_no_gap_and_no_duplicate()
    {
        const int Writers = 12, Each = 5;
        var hosts = new[] { Store, await HostAsync(), await HostAsync(), await HostAsync() };
        var created = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var keys = new List<string>();
            for (var i = 0; i < Each; i++)
            {
                keys.Add(Assert.Single((await CommitAsync(hosts[writer % 4], new Change.CreateNumbered("version", new("model", "m"), Body()))).Created).Key);
                Assert.False((await TryAsync(hosts[writer % 4], new Change.CreateNumbered("version", new("model", "m"), Body()), new Change.Touch(Id("gone")))).Committed);
            }

            return keys;
        }))).WaitAsync(Long, Token);
        Assert.Equal(Enumerable.Range(1, Writers * Each).Select(n => $"m/{n}").Order(StringComparer.Ordinal), created.SelectMany(k => k).Order(StringComparer.Ordinal));
    }

    [Fact]
    public virtual async Task The_stores_clock_grows_whatever_the_clocks_of_its_hosts_say()
    {
        var clock = new HostClock { Offset = TimeSpan.FromHours(-3) };
        var late = await HostAsync(clock);
        var last = await CommitAsync(New("a"));
        foreach (var (i, offset) in new[] { -3.0, -2, -4, 0, -1, -30 }.Index())
        {
            clock.Offset = TimeSpan.FromHours(offset);
            var read = await GetAsync(Id("a"));
            var next = await CommitAsync(i % 3 == 2 ? Store : late, new Change.Touch(Id("a")), new Change.Note(Id("a"), "seen"));
            Assert.True(next.At > last.At && next.Position > last.Position, $"{next} is not after {last}: times are the store's, and never those of a client whose clock may be wrong.");
            var found = (await late.FindAsync([Id("a")], cancellationToken: Token))[0]!;
            Assert.True(found.Modified == next.At && found.AsOf >= next.At, $"Modified at {next.At:O}, read as {found.Modified:O} as of {found.AsOf:O} by a host whose clock is late.");
            var refused = await TryAsync(late, new Change.Require(Id("a")) { UnmodifiedSince = read.Modified }, new Change.Set(Id("a"), "holder", i));
            Assert.True(refused.Conflicts is [{ Kind: ConflictKind.Modified }], "An entity that was touched since by a host whose clock is late counts as unmodified, so a lease would have two holders.");
            last = next;
        }

        var events = await EventsAsync(new());
        Assert.Equal(events.OrderBy(e => e.At), events);
    }

    [Fact]
    public virtual async Task A_store_that_many_hosts_open_at_once_is_one_store()
    {
        var info = await Store.OpenAsync(Token);
        await CommitAsync(New("a"));
        var hosts = await HostsAsync(6);
        Assert.SkipWhen(ReferenceEquals(hosts[^1], Store), "This store is used by one instance at a time: ShareAsync is not overridden.");
        var opened = await Task.WhenAll(hosts.Select(host => Task.Run(() => host.OpenAsync(Token)))).WaitAsync(Long, Token);
        Assert.All(opened, o => Assert.Equal(info, o));
        Assert.NotNull(await FindAsync(Id("a")));
    }
}
