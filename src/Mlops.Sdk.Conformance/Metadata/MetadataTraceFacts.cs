using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about retries, cancellation, the store's clock and snapshots.</summary>
public abstract class MetadataTraceFacts : MetadataCommitFacts
{
    [Fact]
    public virtual async Task A_replayed_changeset_returns_the_first_result_and_changes_nothing()
    {
        await CommitAsync(New("a"));
        var changeset = new Changeset(MlopsId.New(), "ada",
        [
            new Change.CreateNumbered("version", Id("a"), Body()),
            new Change.Append(Id("a"), [new("loss", 1, DateTimeOffset.UnixEpoch, 1)]),
            new Change.Note(Id("a"), "made"),
        ]);
        var first = await Store.CommitAsync(changeset, Token);
        await CommitAsync(new Change.Set(Id("a"), "loss", 9), new Change.Touch(Id("a")));
        var second = await Store.CommitAsync(changeset, Token);
        Assert.Equal(first.Position, second.Position);
        Assert.Equal(first.At, second.At);
        Assert.Equal([new("version", "a/1")], second.Created);
        Assert.Empty(second.Conflicts);
        Assert.Equal(9.0, await AttributeAsync(Id("a"), "loss"));
        Assert.Equal(1, await Store.CountAsync("version", cancellationToken: Token));
        Assert.Single(await EventsAsync(new()));
    }

    [Fact]
    public virtual async Task A_replay_is_known_by_its_id_whatever_it_holds_now()
    {
        var id = MlopsId.New();
        var first = await Store.CommitAsync(new(id, "ada", [New("a")]), Token);
        var second = await Store.CommitAsync(new(id, "bob", [New("b"), new Change.Touch(Id("gone"))]), Token);
        Assert.Equal((first.Position, first.At), (second.Position, second.At));
        Assert.Equal([Id("a")], second.Created);
        Assert.Empty(second.Conflicts);
        Assert.Null(await FindAsync(Id("b")));
    }

    [Fact]
    public virtual async Task A_changeset_that_ended_in_a_conflict_is_evaluated_anew()
    {
        var changeset = new Changeset(MlopsId.New(), "ada", [new Change.Touch(Id("a")), new Change.CreateNumbered("version", Id("a"), Body()), new Change.Note(Id("a"), "made")]);
        Assert.Equal(ConflictKind.Missing, Assert.Single((await Store.CommitAsync(changeset, Token)).Conflicts).Kind);
        Assert.Equal(ConflictKind.Missing, Assert.Single((await Store.CommitAsync(changeset, Token)).Conflicts).Kind);
        await CommitAsync(New("a"));
        var result = await Store.CommitAsync(changeset, Token);
        Assert.True(result.Committed, "A conflict must not be remembered: the retry of a refused changeset is evaluated anew.");
        Assert.Equal([new("version", "a/1")], result.Created);
        Assert.Equal(result.Position, (await Store.CommitAsync(changeset, Token)).Position);
        Assert.Single(await EventsAsync(new()));
    }

    [Fact]
    public virtual async Task One_changeset_committed_by_16_callers_is_applied_once()
    {
        var changeset = new Changeset(MlopsId.New(), "ada", [new Change.CreateNumbered("version", Id("a"), Body()), new Change.Note(Id("a"), "made")]);
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.CommitAsync(changeset, Token))));
        Assert.All(results, r => Assert.True(r.Committed));
        Assert.Single(results.Select(r => (r.Position, r.At, Assert.Single(r.Created))).Distinct());
        Assert.Single(await EventsAsync(new()));
        Assert.Equal(1, await Store.CountAsync("version", cancellationToken: Token));
    }

    [Fact]
    public virtual async Task A_cancelled_token_leaves_no_trace()
    {
        await CommitAsync(New("a"));
        var cancelled = new CancellationToken(canceled: true);
        var changeset = new Changeset(MlopsId.New(), "ada", [new Change.CreateNumbered("version", Id("a"), Body()), New("b"), new Change.Note(Id("a"), "made")]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CommitAsync(changeset, cancelled));
        Assert.Null(await FindAsync(Id("b")));
        Assert.Empty(await EventsAsync(new()));
        Assert.Equal([new("version", "a/1"), Id("b")], (await Store.CommitAsync(changeset, Token)).Created);
    }

    [Fact]
    public virtual async Task Every_member_honours_a_cancelled_token()
    {
        await CommitAsync(New("a"), new Change.Append(Id("a"), [new("loss", 1, DateTimeOffset.UnixEpoch, 1)]), new Change.Note(Id("a"), "made"));
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.OpenAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.FindAsync([Id("a")], cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.QueryAsync(new("thing"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CountAsync("thing", cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.LinksAsync(new([Id("a")], LinkDirection.Out), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadEventsAsync(new(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Store.ReadPointsAsync(new(Id("a"), "loss"), cancelled))
            {
            }
        });
    }

    [Fact]
    public virtual async Task A_commit_that_was_cancelled_at_any_moment_can_be_retried()
    {
        var random = new Random(7);
        const int Rounds = 60;
        for (var i = 0; i < Rounds; i++)
        {
            using var source = new CancellationTokenSource();
            var changeset = new Changeset(MlopsId.New(), "ada", [new Change.CreateNumbered("version", Id("a"), Body()), new Change.Note(Id($"{i}"), "made")]);
            var spins = 1 << random.Next(20);
            var commit = Task.Run(() => Store.CommitAsync(changeset, source.Token), Token);
            Thread.SpinWait(spins);
            await source.CancelAsync();
            try
            {
                await commit;
            }
            catch (OperationCanceledException)
            {
            }

            Assert.True((await Store.CommitAsync(changeset, Token)).Committed);
        }

        Assert.Equal(Rounds, await Store.CountAsync("version", cancellationToken: Token));
        Assert.Equal(Enumerable.Range(0, Rounds).Select(i => $"{i}"), (await EventsAsync(new())).Select(e => e.Subject.Key));
    }

    [Fact]
    public virtual async Task The_stores_clock_and_the_position_grow_with_every_commit()
    {
        var results = new List<CommitResult> { await CommitAsync(New("a")) };
        for (var i = 0; i < 50; i++)
        {
            results.Add(await CommitAsync(i % 2 == 0 ? new Change.Touch(Id("a")) : new Change.Note(Id("a"), "seen")));
        }

        Assert.All(results.Zip(results.Skip(1)), pair => Assert.True(pair.First.At < pair.Second.At && pair.First.Position < pair.Second.Position, $"{pair.First} is not before {pair.Second}."));
        Assert.All(results, r => Assert.Equal(0, r.At.UtcTicks % TimeSpan.TicksPerMicrosecond));
        Assert.All(results, r => Assert.Equal(TimeSpan.Zero, r.At.Offset));
        Assert.True((await GetAsync(Id("a"))).AsOf >= results[^1].At);
        Assert.True((await Store.QueryAsync(new("thing"), Token)).AsOf >= results[^1].At);
    }

    [Fact]
    public virtual async Task Modified_moves_when_an_entity_is_put_set_or_touched_and_only_then()
    {
        var created = await CommitAsync(New("a"), New("b"));
        Change[] moving = [new Change.Touch(Id("a")), new Change.Set(Id("a"), "v", 1), new Change.Set(Id("a"), "v", null), new Change.SetOnce(Id("a"), "once", 1), new Change.Put(Id("a"), 1, Body())];
        var last = created.At;
        foreach (var change in moving)
        {
            last = (await CommitAsync(change)).At;
            Assert.Equal(last, (await GetAsync(Id("a"))).Modified);
        }

        await CommitAsync(
            new Change.SetOnce(Id("a"), "once", 1),
            new Change.Append(Id("a"), [new("loss", 1, DateTimeOffset.UnixEpoch, 1)]),
            new Change.Connect(new(Id("a"), "uses", Id("b"))),
            new Change.Disconnect(new(Id("a"), "uses", Id("b"))),
            new Change.Note(Id("a"), "seen"),
            new Change.Require(Id("a")));
        var entity = await GetAsync(Id("a"));
        Assert.Equal(last, entity.Modified);
        Assert.Equal(created.At, entity.Created);
        Assert.Equal(created.At, (await GetAsync(Id("b"))).Modified);
    }

    [Fact]
    public virtual async Task A_snapshot_never_changes_afterwards()
    {
        var (bytes, note) = ("first"u8.ToArray(), "note"u8.ToArray());
        var attributes = new Dictionary<string, AttributeValue> { ["v"] = 1 };
        var points = new List<MetricPoint> { new("loss", 1, DateTimeOffset.UnixEpoch, 1) };
        await CommitAsync(new Change.Create(Id("a"), new(1, bytes)) { Attributes = attributes }, new Change.Append(Id("a"), points), new Change.Note(Id("a"), "made", note));
        bytes[0] = note[0] = (byte)'X';
        attributes["v"] = 2;
        points.Add(new("loss", 2, DateTimeOffset.UnixEpoch, 2));

        var before = await GetAsync(Id("a"));
        await CommitAsync(new Change.Set(Id("a"), "v", 3), new Change.Put(Id("a"), 1, Body("other")));
        Assert.Equal(1, before.Revision);
        Assert.Equal("first"u8.ToArray(), before.Body.Bytes.ToArray());
        Assert.Equal(1.0, before.Attributes!["v"]);
        Assert.Single(await PointsAsync(new(Id("a"), "loss")));
        Assert.Equal("note"u8.ToArray(), Assert.Single(await EventsAsync(new())).Body.ToArray());
    }

    [Fact]
    public virtual async Task Entities_are_found_in_one_snapshot_while_others_write()
    {
        await CommitAsync(New("a", ("v", 0)), New("b", ("v", 0)));
        int written = 0, read = 0;
        using var enough = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested && written < 5000)
            {
                await CommitAsync(new Change.Set(Id("a"), "v", written), new Change.Set(Id("b"), "v", written));
                Interlocked.Increment(ref written);
                await Task.Yield();
            }
        });
        while (!writer.IsCompleted && (read++ < 30 || Volatile.Read(ref written) < 100))
        {
            var found = await Store.FindAsync([.. Enumerable.Range(0, 20).SelectMany(_ => new[] { Id("a"), Id("b") })], EntityParts.Attributes, Token);
            Assert.Single(found.Select(e => e!.Attributes!["v"]).Distinct());
            var queried = (await Store.QueryAsync(new("thing") { Parts = EntityParts.Attributes }, Token)).Items;
            Assert.Equal(queried[0].Attributes!["v"], queried[1].Attributes!["v"]);
        }

        await enough.CancelAsync();
        await writer;
    }

    [Fact]
    public virtual async Task Everything_is_there_after_reopening()
    {
        var info = await Store.OpenAsync(Token);
        var changeset = new Changeset(MlopsId.New(), "ada",
        [
            New("a", ("text", "é😀"), ("nan", double.NaN), ("inf", double.NegativeInfinity)),
            new Change.CreateNumbered("version", Id("a"), Body("{}", 3)),
            new Change.CreateNumbered("version", Id("a"), Body()),
            new Change.Append(Id("a"), [new("loss", 2, DateTimeOffset.UnixEpoch, double.PositiveInfinity)]),
            new Change.Connect(new(Id("a"), "uses", EntityId.CreatedBy(1))),
            new Change.Note(Id("a"), "made", "b"u8.ToArray()) { Why = "because" },
            new Change.Delete(EntityId.CreatedBy(2), 1),
        ]);
        var result = await Store.CommitAsync(changeset, Token);
        var before = await GetAsync(Id("a"));
        await ReopenAsync();

        Assert.Equal(info.StoreId, (await Store.OpenAsync(Token)).StoreId);
        var after = await GetAsync(Id("a"));
        Assert.Equal((before.Revision, before.Created, before.Modified), (after.Revision, after.Created, after.Modified));
        Assert.Equal(before.Attributes!.ToDictionary(), after.Attributes!.ToDictionary());
        Assert.Equal(3, (await GetAsync(new("version", "a/1"))).Body.Version);
        Assert.Equal([new("loss", 2, DateTimeOffset.UnixEpoch, double.PositiveInfinity)], await PointsAsync(new(Id("a"), "loss")));
        Assert.Equal([new(Id("a"), "uses", new("version", "a/1"))], await LinksAsync(new([Id("a")], LinkDirection.Out)));
        var note = Assert.Single(await EventsAsync(new()));
        Assert.Equal(("made", "because", "ada", result.At), (note.Type, note.Why, note.Actor, note.At));

        Assert.Equal(result.Position, (await Store.CommitAsync(changeset, Token)).Position);
        var next = await CommitAsync(new Change.CreateNumbered("version", Id("a"), Body()), new Change.Append(Id("a"), [new("loss", 1, DateTimeOffset.UnixEpoch, 0)]), new Change.Note(Id("a"), "again"));
        Assert.Equal([new("version", "a/3")], next.Created);
        Assert.True(next.At > result.At && next.Position > result.Position, $"{next} is not after {result}.");
        Assert.Equal(double.PositiveInfinity, await AttributeAsync(Id("a"), "loss"));
        Assert.Equal(["made", "again"], (await EventsAsync(new())).Select(e => e.Type));
    }
}
