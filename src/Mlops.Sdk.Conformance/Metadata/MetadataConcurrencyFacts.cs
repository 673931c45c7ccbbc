using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about writers who meet: on several hosts where the store can be shared, else on one.</summary>
public abstract class MetadataConcurrencyFacts : MetadataLimitFacts
{
    private const int Rounds = 20;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public virtual async Task Guards_hold_against_whoever_commits_at_the_same_time()
    {
        var hosts = await HostsAsync(2);
        for (var round = 0; round < Rounds; round++)
        {
            EntityId a = Id($"a{round}"), b = Id($"b{round}"), x = Id($"x{round}"), y = Id($"y{round}");
            await CommitAsync(New(a.Key, ("v", 0)), New(b.Key, ("v", 0)));
            await OneAsync("an attribute", [new Change.Require(a) { Attribute = "v", Equal = 0 }, new Change.Set(b, "v", 1)], [new Change.Require(b) { Attribute = "v", Equal = 0 }, new Change.Set(a, "v", 1)]);
            await OneAsync("a revision", [new Change.Require(a) { Revision = 1 }, new Change.Put(b, 1, Body())], [new Change.Require(b) { Revision = 1 }, new Change.Put(a, 1, Body())]);
            await OneAsync("absence", [new Change.Require(x) { Absent = true }, New(y.Key)], [new Change.Require(y) { Absent = true }, New(x.Key)]);
        }

        async Task OneAsync(string what, Change[] left, Change[] right)
        {
            var results = await Task.WhenAll(Task.Run(() => TryAsync(hosts[0], left)), Task.Run(() => TryAsync(hosts[1], right))).WaitAsync(Long, Token);
            Assert.True(
                results.Count(r => r.Committed) == 1,
                $"Two changesets that each require {what} which the other one changes: whichever comes first, the other conflicts. Found {results.Count(r => r.Committed)} commits. A guard must be checked and held within the transaction.");
        }
    }

    [Fact]
    public virtual async Task Of_16_who_create_or_set_once_exactly_one_wins()
    {
        var hosts = await HostsAsync(4);
        var created = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => TryAsync(hosts[i % 4], New("a", ("by", i)), new Change.Note(Id("a"), "created"))))).WaitAsync(Long, Token);
        Assert.Single(created, r => r.Committed);
        Assert.All(created.Where(r => !r.Committed), r => Assert.Equal(new(0, Id("a"), ConflictKind.Exists, 1), Assert.Single(r.Conflicts)));
        var set = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => TryAsync(hosts[i % 4], new Change.SetOnce(Id("a"), "once", i))))).WaitAsync(Long, Token);
        Assert.Single(set, r => r.Committed);
        Assert.All(set.Where(r => !r.Committed), r => Assert.Equal(ConflictKind.Attribute, Assert.Single(r.Conflicts).Kind));
        Assert.Equal(Array.FindIndex(set, r => r.Committed), await AttributeAsync(Id("a"), "once"));
        Assert.Equal(Array.FindIndex(created, r => r.Committed), await AttributeAsync(Id("a"), "by"));
        Assert.Single(await EventsAsync(new()));
    }

    [Fact]
    public virtual async Task Of_many_who_commit_at_once_the_refused_leave_nothing_and_the_others_have_times_of_their_own()
    {
        const int Writers = 64;
        await CommitAsync(New("a", ("v", 0)));
        var results = await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => i % 2 == 0
            ? TryAsync(New($"good{i}"), new Change.Set(Id("a"), "v", i), new Change.Note(Id("a"), "good"))
            : TryAsync(New($"bad{i}"), new Change.Set(Id("a"), "v", -i), new Change.Note(Id("a"), "bad"), new Change.Require(Id("a")) { Absent = true })))).WaitAsync(Long, Token);

        Assert.All(results, (result, i) => Assert.Equal(i % 2 == 0, result.Committed));
        Assert.Equal(Enumerable.Range(0, Writers).Where(i => i % 2 == 0).Select(i => $"good{i}").Append("a").Order(StringComparer.Ordinal), await MatchesAsync(new EntityFilter.All([])));
        Assert.DoesNotContain(await EventsAsync(new()), e => e.Type == "bad");
        var value = (await AttributeAsync(Id("a"), "v"))!.Value.Number;
        Assert.True(value >= 0, $"A refused changeset left the attribute {value}.");
        var committed = results.Where(result => result.Committed).OrderBy(result => result.Position).ToList();
        Assert.True(
            committed.Zip(committed.Skip(1)).All(pair => pair.First.Position < pair.Second.Position && pair.First.At < pair.Second.At),
            "Position and time strictly grow from commit to commit, also of commits that share a transaction.");
    }

    [Fact]
    public virtual async Task No_update_of_concurrent_writers_is_lost()
    {
        const int Writers = 8, Each = 8;
        var hosts = await HostsAsync(4);
        await CommitAsync(New("a", ("n", 0)));
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var host = hosts[writer % 4];
            for (var i = 0; i < Each;)
            {
                var read = (await host.FindAsync([Id("a")], EntityParts.Attributes, Token))[0]!;
                var next = new Change.Put(Id("a"), read.Revision, Body($"{writer}")) { Attributes = new Dictionary<string, AttributeValue> { ["n"] = read.Attributes!["n"].Number!.Value + 1 } };
                var result = await TryAsync(host, next, new Change.Note(Id("a"), "raised"));
                Assert.True(result.Committed || Assert.Single(result.Conflicts).Kind == ConflictKind.Revision, $"A lost race is a conflict of the revision; found {string.Join(", ", result.Conflicts)}.");
                i += result.Committed ? 1 : 0;
            }
        }))).WaitAsync(Long, Token);
        var entity = await GetAsync(Id("a"));
        Assert.True(
            entity.Attributes!["n"] == Writers * Each && entity.Revision == 1 + (Writers * Each),
            $"{Writers * Each} updates were acknowledged, each at the revision that it had read; found {entity.Attributes["n"]} at revision {entity.Revision}. The revision must be compared and raised within the transaction.");
        Assert.Equal(Writers * Each, (await EventsAsync(new())).Count);
    }

    [Fact]
    public virtual async Task Writers_who_take_the_same_entities_in_opposite_order_all_commit()
    {
        const int Entities = 6;
        var hosts = await HostsAsync(4);
        var ids = Enumerable.Range(0, Entities).Select(i => Id($"{i}")).ToArray();
        await CommitAsync([.. ids.Select(id => new Change.Create(id, Body()))]);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                var order = writer % 2 == 0 ? ids : [.. ids.Reverse()];
                await CommitAsync(hosts[writer % 4], [.. order.SelectMany(id => new Change[] { new Change.Set(id, "v", writer), new Change.Append(id, [new("loss", (i * 8) + writer, DateTimeOffset.UnixEpoch, i)]) })]);
            }
        }))).WaitAsync(Long, Token);
        foreach (var id in ids)
        {
            Assert.Equal(Rounds * 8, (await PointsAsync(new(id, "loss"))).Count);
        }
    }

    [Fact]
    public virtual async Task Names_that_are_new_to_the_store_may_come_from_many_writers_at_once()
    {
        const int Writers = 8;
        var hosts = await HostsAsync(4);
        for (var round = 0; round < 6; round++)
        {
            string kind = $"kind{round}", name = $"name{round}", workspace = $"workspace{round}";
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                var id = new EntityId(kind, $"{writer}", workspace);
                Change[] changes =
                [
                    new Change.Create(id, Body()) { Attributes = new Dictionary<string, AttributeValue> { [name] = writer } },
                    new Change.Append(id, [new("metric-" + name, 1, DateTimeOffset.UnixEpoch, 1)]),
                    new Change.Connect(new(id, name, id)),
                    new Change.Note(id, name),
                ];
                if (writer % 2 == 0)
                {
                    // A refused changeset leaves nothing, not even a name that somebody remembers to be there.
                    Assert.False((await TryAsync(hosts[writer % 4], [.. changes, new Change.Touch(Id("gone"))])).Committed);
                }

                await CommitAsync(hosts[writer % 4], changes);
            }))).WaitAsync(Long, Token);
            foreach (var host in hosts)
            {
                Assert.Equal(Writers, await host.CountAsync(kind, new EntityFilter.All([new EntityFilter.Present(name), new EntityFilter.Linked(name, LinkDirection.Out, new EntityFilter.Present("metric-" + name))]), workspace, cancellationToken: Token));
                Assert.Equal(Writers, (await host.ReadEventsAsync(new() { Kinds = [kind] }, Token)).Items.Count(e => e.Type == name));
            }
        }
    }

    [Fact]
    public virtual async Task What_is_written_to_an_entity_never_outlives_its_deletion_at_the_same_time()
    {
        var hosts = await HostsAsync(2);
        await CommitAsync(New("a"));
        for (var round = 0; round < Rounds; round++)
        {
            var b = Id($"b{round}");
            await CommitAsync(New(b.Key));
            Change[] changes = [new Change.Set(b, "v", 1), new Change.Append(b, [new("loss", 1, DateTimeOffset.UnixEpoch, 1)]), new Change.Connect(new(Id("a"), "uses", b)), new Change.Connect(new(b, "uses", Id("a")))];
            var results = await Task.WhenAll(Task.Run(() => TryAsync(hosts[0], changes)), Task.Run(() => TryAsync(hosts[1], new Change.Delete(b, 1)))).WaitAsync(Long, Token);
            Assert.True(results[1].Committed, "Commuting changes do not raise the revision, so the deletion at revision 1 succeeds.");
            Assert.All(results[0].Conflicts, c => Assert.Equal(ConflictKind.Missing, c.Kind));
            await CommitAsync(New(b.Key));
            Assert.Empty((await GetAsync(b)).Attributes!);
            Assert.Empty(await PointsAsync(new(b, "loss")));
        }

        Assert.Empty(await LinksAsync(new([Id("a")], LinkDirection.Out)));
        Assert.Empty(await LinksAsync(new([Id("a")], LinkDirection.In)));
    }

    [Fact]
    public virtual async Task A_reader_who_follows_short_and_long_commits_of_several_hosts_misses_nothing()
    {
        var hosts = await HostsAsync(3);
        var results = new List<(CommitResult Result, string[] Keys)>();
        var seen = new List<StoredEvent>();
        for (var round = 0; round < Rounds / 2; round++)
        {
            // Long ones take their positions early and commit late; the reader must not have gone past them by then.
            string[] many = [.. Enumerable.Range(0, 200).Select(n => $"long-{round}-{n}")];
            var writing = Task.Run(() => CommitAsync(hosts[0], [.. many.Select(k => new Change.Note(Id(k), "made"))]));
            for (var i = 0; i == 0 || (i < 50 && !writing.IsCompleted); i++)
            {
                // A store that answers at once must not keep the thread from the long one.
                await Task.Delay(1, Token);
                var one = $"short-{round}-{i}";
                results.Add((await CommitAsync(hosts[1], new Change.Note(Id(one), "made")), [one]));
                await ReadAsync();
                Assert.True(seen.FindLast(e => e.Subject.Key == one) is not null, $"The event {one} was committed before the read began, and the read did not see it.");
            }

            results.Add((await writing.WaitAsync(Long, Token), many));
        }

        await ReadAsync();
        var missed = results.SelectMany(r => r.Keys).Except(seen.Select(e => e.Subject.Key)).ToList();
        Assert.True(missed.Count == 0, $"A reader who continues after the last position missed {missed.Count} of {results.Sum(r => r.Keys.Length)} events, {missed.FirstOrDefault()} among them. A position must not become visible after a greater one.");
        Assert.Equal(results.OrderBy(r => r.Result.Position).SelectMany(r => r.Keys), seen.Select(e => e.Subject.Key));
        Assert.All(seen.Zip(seen.Skip(1)), p => Assert.True(p.First.Position < p.Second.Position && p.First.At <= p.Second.At, $"{p.First} is not before {p.Second}."));

        async Task ReadAsync()
        {
            while ((await hosts[2].ReadEventsAsync(new() { AfterPosition = seen.Count == 0 ? 0 : seen[^1].Position, Limit = 70 }, Token)).Items is { Count: > 0 } page)
            {
                seen.AddRange(page);
            }
        }
    }
}
