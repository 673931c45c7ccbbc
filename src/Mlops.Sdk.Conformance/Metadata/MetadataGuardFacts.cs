using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about guards, set-once attributes and numbers.</summary>
public abstract class MetadataGuardFacts : MetadataTraceFacts
{
    [Fact]
    public virtual async Task A_required_revision_must_be_the_one_found()
    {
        await CommitAsync(New("a"), New("b"));
        await CommitAsync(new Change.Require(Id("a")) { Revision = 1 }, new Change.Set(Id("b"), "v", 1));
        var conflict = await ConflictAsync(new Change.Set(Id("b"), "v", 2), new Change.Require(Id("a")) { Revision = 2 });
        Assert.Equal(new(1, Id("a"), ConflictKind.Revision, 1), conflict);
        Assert.Equal(1.0, await AttributeAsync(Id("b"), "v"));
        Assert.Equal(1, (await GetAsync(Id("a"))).Revision);
    }

    [Fact]
    public virtual async Task A_required_existence_and_absence_are_checked()
    {
        await CommitAsync(New("a"));
        await CommitAsync(new Change.Require(Id("a")), new Change.Require(Id("gone")) { Absent = true });
        Assert.Equal(new(0, Id("gone"), ConflictKind.Missing), await ConflictAsync(new Change.Require(Id("gone"))));
        Assert.Equal(new(0, Id("a"), ConflictKind.Exists, 1), await ConflictAsync(new Change.Require(Id("a")) { Absent = true }));
    }

    [Fact]
    public virtual async Task A_required_attribute_must_have_the_value()
    {
        AttributeValue?[] values = [1.0, 0.0, double.NaN, double.PositiveInfinity, "1", "", "A", "a", null];
        foreach (var actual in values)
        {
            var id = Id(Guid.CreateVersion7().ToString());
            await CommitAsync(new Change.Create(id, Body()));
            if (actual is not null)
            {
                await CommitAsync(new Change.Set(id, "v", actual));
            }

            foreach (var expected in values)
            {
                var guard = new Change.Require(id) { Attribute = "v", Equal = expected };
                if (Equals(actual, expected))
                {
                    await CommitAsync(guard);
                }
                else
                {
                    Assert.Equal(new(0, id, ConflictKind.Attribute, 1, actual), await ConflictAsync(guard));
                }
            }
        }
    }

    [Fact]
    public virtual async Task A_guard_on_a_metric_sees_its_latest_value()
    {
        await CommitAsync(New("a"), new Change.Append(Id("a"), [new("loss", 2, DateTimeOffset.UnixEpoch, 0.5), new("loss", 1, DateTimeOffset.UnixEpoch, 0.7)]));
        await CommitAsync(new Change.Require(Id("a")) { Attribute = "loss", Equal = 0.5 });
        Assert.Equal(ConflictKind.Attribute, (await ConflictAsync(new Change.Require(Id("a")) { Attribute = "loss", Equal = 0.7 })).Kind);
    }

    [Fact]
    public virtual async Task An_entity_required_unmodified_since_its_reading_must_not_have_been_touched()
    {
        await CommitAsync(New("lease", ("holder", "x")));
        var read = await GetAsync(Id("lease"));
        await CommitAsync(new Change.Require(Id("lease")) { UnmodifiedSince = read.Modified });
        await CommitAsync(new Change.Touch(Id("lease")));
        Assert.Equal(new(0, Id("lease"), ConflictKind.Modified, 1), await ConflictAsync(new Change.Require(Id("lease")) { UnmodifiedSince = read.Modified }, new Change.Put(Id("lease"), 1, Body("taken"))));
        await CommitAsync(new Change.Require(Id("lease")) { UnmodifiedSince = (await GetAsync(Id("lease"))).Modified, Revision = 1, Attribute = "holder", Equal = "x" }, new Change.Put(Id("lease"), 1, Body("taken")));
    }

    [Fact]
    public virtual async Task A_guard_sees_earlier_changes_of_its_own_changeset()
    {
        await CommitAsync(New("a", ("v", 1)), new Change.Require(Id("a")) { Revision = 1, Attribute = "v", Equal = 1 }, new Change.Put(Id("a"), 1, Body()), new Change.Require(Id("a")) { Revision = 2 });
        await CommitAsync(new Change.Delete(Id("a"), 2), new Change.Require(Id("a")) { Absent = true });
        Assert.Null(await FindAsync(Id("a")));
    }

    [Fact]
    public virtual async Task Of_16_writers_with_one_expected_revision_exactly_one_wins_each_round()
    {
        await CommitAsync(New("a"));
        for (var round = 1; round <= 8; round++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => TryAsync(new Change.Put(Id("a"), round, Body($"{i}")), new Change.Note(Id("a"), "won")))));
            Assert.Equal(1, results.Count(r => r.Committed));
            Assert.All(results.Where(r => !r.Committed), r => Assert.Equal(new(0, Id("a"), ConflictKind.Revision, round + 1), Assert.Single(r.Conflicts)));
        }

        Assert.Equal(9, (await GetAsync(Id("a"))).Revision);
        Assert.Equal(8, (await EventsAsync(new())).Count);
    }

    [Fact]
    public virtual async Task What_is_set_once_stays()
    {
        await CommitAsync(New("a", ("given", "x")));
        await CommitAsync(new Change.SetOnce(Id("a"), "rate", 0.1), new Change.SetOnce(Id("a"), "nan", double.NaN));
        await CommitAsync(new Change.SetOnce(Id("a"), "rate", 0.1), new Change.SetOnce(Id("a"), "nan", double.NaN), new Change.SetOnce(Id("a"), "given", "x"));
        Assert.Equal(new(1, Id("a"), ConflictKind.Attribute, 1, 0.1), await ConflictAsync(new Change.Set(Id("a"), "v", 1), new Change.SetOnce(Id("a"), "rate", 0.2)));
        Assert.Equal(new(0, Id("a"), ConflictKind.Attribute, 1, 0.1), await ConflictAsync(new Change.SetOnce(Id("a"), "rate", "0.1")));
        Assert.Equal(0.1, await AttributeAsync(Id("a"), "rate"));
        Assert.Null(await AttributeAsync(Id("a"), "v"));
    }

    [Fact]
    public virtual async Task Numbers_start_at_one_for_each_kind_and_scope()
    {
        var result = await CommitAsync(
            new Change.CreateNumbered("version", new("model", "m"), Body("one")) { Attributes = new Dictionary<string, AttributeValue> { ["number"] = 99, ["v"] = "x" } },
            new Change.CreateNumbered("version", new("model", "m"), Body("two")),
            New("between"),
            new Change.CreateNumbered("version", new("model", "n"), Body()),
            new Change.CreateNumbered("report", new("model", "m"), Body()),
            new Change.CreateNumbered("version", new("alias", "m/x"), Body()));
        Assert.Equal([new("version", "m/1"), new("version", "m/2"), Id("between"), new("version", "n/1"), new("report", "m/1"), new("version", "m/x/1")], result.Created);
        var first = await GetAsync(new("version", "m/1"));
        Assert.Equal("one"u8.ToArray(), first.Body.Bytes.ToArray());
        Assert.Equal(new Dictionary<string, AttributeValue> { ["number"] = 1, ["v"] = "x" }, first.Attributes!.ToDictionary());
        Assert.Equal(2.0, await AttributeAsync(new("version", "m/2"), "number"));
    }

    [Fact]
    public virtual async Task A_numbered_entity_is_named_before_its_number_is_known()
    {
        await CommitAsync(New("run"));
        var created = EntityId.CreatedBy(1);
        var result = await CommitAsync(
            new Change.Set(Id("run"), "state", "done"),
            new Change.CreateNumbered("version", new("model", "m"), Body()),
            new Change.Set(created, "stage", "new"),
            new Change.Append(created, [new("auc", 0, DateTimeOffset.UnixEpoch, 0.9)]),
            new Change.Connect(new(created, "made-by", Id("run"))),
            new Change.Note(created, "registered"));
        var id = Assert.Single(result.Created);
        Assert.Equal(new("version", "m/1"), id);
        Assert.Equal("new", await AttributeAsync(id, "stage"));
        Assert.Equal([new(id, "made-by", Id("run"))], await LinksAsync(new([Id("run")], LinkDirection.In)));
        Assert.Equal(id, Assert.Single(await EventsAsync(new())).Subject);
    }

    [Fact]
    public virtual async Task Numbers_are_never_used_again()
    {
        var scope = new EntityId("model", "m");
        await CommitAsync(new Change.CreateNumbered("version", scope, Body()), new Change.CreateNumbered("version", scope, Body()));
        await CommitAsync(new Change.Delete(new("version", "m/2"), 1));
        Assert.Equal([new("version", "m/3")], (await CommitAsync(new Change.CreateNumbered("version", scope, Body()))).Created);
        await CommitAsync(new Change.Delete(new("version", "m/1"), 1), new Change.Delete(new("version", "m/3"), 1));
        Assert.Equal([new("version", "m/4")], (await CommitAsync(new Change.CreateNumbered("version", scope, Body()))).Created);
    }

    [Fact]
    public virtual async Task A_refused_changeset_uses_no_number()
    {
        var scope = new EntityId("model", "m");
        await ConflictAsync(new Change.CreateNumbered("version", scope, Body()), new Change.Touch(Id("gone")));
        Assert.Equal([new("version", "m/1")], (await CommitAsync(new Change.CreateNumbered("version", scope, Body()))).Created);
    }

    [Fact]
    public virtual async Task Numbers_of_64_writers_have_no_gap_and_no_duplicate()
    {
        const int Writers = 64, Each = 5;
        var created = new System.Collections.Concurrent.ConcurrentBag<EntityId>();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var change = new Change.CreateNumbered("version", new("model", "m"), Body($"{writer}"));
                if (i == 2 && writer % 4 == 0)
                {
                    Assert.False((await TryAsync(change, new Change.Touch(Id("gone")))).Committed);
                }

                var result = await CommitAsync(change, new Change.Note(EntityId.CreatedBy(0), "registered"));
                created.Add(Assert.Single(result.Created));
            }
        })));
        Assert.Equal(Enumerable.Range(1, Writers * Each).Select(n => $"m/{n}").Order(StringComparer.Ordinal), created.Select(id => id.Key).Order(StringComparer.Ordinal));
        Assert.Equal(Writers * Each, await Store.CountAsync("version", cancellationToken: Token));
        Assert.Equal(Writers * Each, (await EventsAsync(new() { Limit = 1000 })).Select(e => e.Subject).Distinct().Count());
    }
}
