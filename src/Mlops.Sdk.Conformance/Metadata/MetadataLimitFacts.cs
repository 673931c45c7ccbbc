using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about limits: what is refused before anything is written, and what must just fit.</summary>
public abstract class MetadataLimitFacts : MetadataEventFacts
{
    private const char Half = '\uD83D';

    [Fact]
    public virtual async Task What_breaks_the_limits_is_refused_before_anything_is_written()
    {
        await CommitAsync(New("there"));
        var id = Id("there");
        var tooLong = new string('x', MetadataLimits.MaxNameLength + 1);
        Change[] wrong =
        [
            New(""), New(new('k', MetadataLimits.MaxKeyLength + 1)), New("tab\t"), New("nul\0"), New($"half{Half}"), New($"{Half}x"), New("\uDE00"),
            new Change.Create(new("", "k"), Body()), new Change.Create(new("@kind", "k"), Body()), new Change.Create(new(new('k', MetadataLimits.MaxKindLength + 1), "k"), Body()),
            new Change.Create(new("thing", "k", ""), Body()), new Change.Create(new("thing", "k", new('w', MetadataLimits.MaxKindLength + 1)), Body()),
            new Change.Create(Id("k"), Body("{}", 0)), new Change.Create(Id("k"), new(1, new byte[MetadataLimits.InlineBytes + 1])),
            New("k", ("", 1)), New("k", ("@v", 1)), New("k", (tooLong, 1)), New("k", ("v", "\0")), New("k", ("v", $"{Half}")), New("k", ("v", new string('x', MetadataLimits.InlineBytes + 1))),
            new Change.Set(id, "@created", 1), new Change.Set(id, "v", $"a{Half}"), new Change.SetOnce(id, "@v", 1), new Change.Set(id, tooLong, 1),
            new Change.Append(id, [new("ok", 1, DateTimeOffset.UnixEpoch, 1), new("@loss", 1, DateTimeOffset.UnixEpoch, 1)]), new Change.Append(id, [new("", 1, DateTimeOffset.UnixEpoch, 1)]),
            new Change.Connect(new(id, "", id)), new Change.Connect(new(id, tooLong, id)), new Change.Note(id, ""), new Change.Note(id, "t") { Why = $"{Half}" }, new Change.Note(id, "t", new byte[MetadataLimits.InlineBytes + 1]),
            new Change.Require(id) { Absent = true, Revision = 1 }, new Change.Require(id) { Attribute = "@v" }, new Change.Touch(EntityId.CreatedBy(0)), new Change.Touch(EntityId.CreatedBy(9)),
            new Change.CreateNumbered("version", new("model", new('m', MetadataLimits.MaxKeyLength)), Body()), new Change.CreateNumbered("", id, Body()), new Change.CreateNumbered("@version", id, Body()), null!,
        ];
        foreach (var (i, change) in wrong.Index())
        {
            var refused = await Record.ExceptionAsync(() => TryAsync(new Change.Set(id, "v", 1), New("new"), new Change.Note(id, "noted"), change));
            Assert.True(refused is ArgumentException, $"Change {i}, {change?.GetType().Name}, should be refused with an ArgumentException; found {refused?.GetType().Name ?? "no exception"}.");
        }

        Assert.Empty((await GetAsync(id)).Attributes!);
        Assert.Equal(["there"], await KeysAsync(new("thing")));
        Assert.Empty(await EventsAsync(new()));
    }

    [Fact]
    public virtual async Task A_malformed_changeset_is_refused()
    {
        var info = await Store.OpenAsync(Token);
        Change one = New("a");
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CommitAsync(null!, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CommitAsync(new(Guid.Empty, "ada", [one]), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CommitAsync(new(MlopsId.New(), "", [one]), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CommitAsync(new(MlopsId.New(), new('a', MetadataLimits.MaxActorLength + 1), [one]), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CommitAsync(new(MlopsId.New(), "ada", []), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CommitAsync(new(MlopsId.New(), "ada", [.. Enumerable.Repeat(one, info.MaxChanges + 1)]), Token));
        Assert.Null(await FindAsync(Id("a")));
    }

    [Fact]
    public virtual async Task A_malformed_query_is_refused()
    {
        EntityFilter deep = new EntityFilter.All([]);
        for (var i = 0; i < MetadataLimits.MaxFilterDepth; i++)
        {
            deep = new EntityFilter.Not(deep);
        }

        var one = new EntityFilter.Compare("v", Comparison.Equal, 1);
        EntityQuery[] queries =
        [
            new("thing") { Filter = new EntityFilter.Any([.. Enumerable.Repeat(one, MetadataLimits.MaxFilterParts + 1)]) },
            new("thing") { Filter = new EntityFilter.Not(new EntityFilter.All([.. Enumerable.Repeat(new EntityFilter.Any([]), MetadataLimits.MaxFilterParts + 1)])) },
            new("thing") { Filter = new EntityFilter.Compare("v", Comparison.In, [.. Enumerable.Repeat<AttributeValue>(1, MetadataLimits.MaxFilterValues + 1)]) },
            new("thing") { Filter = new EntityFilter.Compare("v", Comparison.Like, new string('%', MetadataLimits.InlineBytes + 1)) },
            new("thing") { Limit = 0 }, new("thing") { Limit = 1001 }, new("thing") { Order = [new("a"), new("b")] }, new("thing") { Filter = deep },
            new("thing") { Filter = new EntityFilter.Compare("v", Comparison.Equal, []) }, new("thing") { Filter = new EntityFilter.Compare("v", Comparison.Less, [1, 2]) },
            new("thing") { Filter = new EntityFilter.Compare("v", (Comparison)99, 1) }, new("thing") { Filter = new EntityFilter.All([null!]) }, new("thing") { Filter = new EntityFilter.Compare("v", Comparison.Equal, $"{Half}") },
        ];
        foreach (var query in queries)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.QueryAsync(query, Token));
            if (query.Filter is not null)
            {
                await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CountAsync("thing", query.Filter, cancellationToken: Token));
            }
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.LinksAsync(new([], LinkDirection.Out) { Limit = 0 }, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.LinksAsync(new([], LinkDirection.Out) { Limit = 10_001 }, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadEventsAsync(new() { Limit = 0 }, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReadEventsAsync(new() { Limit = 1001 }, Token));
    }

    [Fact]
    public virtual async Task What_just_fits_the_limits_is_kept()
    {
        var key = string.Concat(Enumerable.Repeat("😀", MetadataLimits.MaxKeyLength / 2));
        var name = new string('鍵', MetadataLimits.MaxNameLength);
        var text = string.Concat(Enumerable.Repeat("😀", MetadataLimits.InlineBytes / 4));
        var bytes = new byte[MetadataLimits.InlineBytes];
        new Random(1).NextBytes(bytes);
        var id = new EntityId(new('k', MetadataLimits.MaxKindLength), key, new('w', MetadataLimits.MaxKindLength));
        await CommitAsync(
            new Change.Create(id, new(int.MaxValue, bytes)) { Attributes = new Dictionary<string, AttributeValue> { [name] = text } },
            new Change.Append(id, [new("loss", 1, DateTimeOffset.UnixEpoch, 1)]),
            new Change.Connect(new(id, name, id)),
            new Change.Note(id, name, bytes) { Why = text });
        var entity = await GetAsync(id);
        Assert.Equal(bytes, entity.Body.Bytes.ToArray());
        Assert.Equal(int.MaxValue, entity.Body.Version);
        Assert.Equal(text, entity.Attributes![name].Text);
        Assert.Equal([key], await KeysAsync(new(id.Kind) { Workspace = id.Workspace, Filter = new EntityFilter.Compare(name, Comparison.Equal, text), Order = [new(name)] }));
        Assert.Equal([new(id, name, id)], await LinksAsync(new([id], LinkDirection.In)));
        Assert.Equal(bytes, Assert.Single(await EventsAsync(new() { Subject = id })).Body.ToArray());
    }

    [Fact]
    public virtual async Task A_thousand_changes_fit_into_one_changeset()
    {
        var result = await CommitAsync([.. Enumerable.Range(0, 500).SelectMany(i => new Change[] { New($"{i}", ("v", i)), new Change.Note(Id($"{i}"), "made") })]);
        Assert.Equal(500, result.Created.Count);
        Assert.Equal(500, (await EventsAsync(new())).Count);
        Assert.Equal(500, (await KeysAsync(new("thing") { Limit = 1000 })).Count);
    }

    [Fact]
    public virtual async Task A_filter_may_be_as_large_as_the_limits_allow()
    {
        await CommitAsync(New("a", ("v", 1), ("t", "x1")), New("b", ("v", -1), ("t", "y")), New("c"));
        var ones = Enumerable.Range(0, MetadataLimits.MaxFilterParts).Select(i => i % 2 == 0 ? (EntityFilter)new EntityFilter.Compare("v", Comparison.Equal, i + 1) : new EntityFilter.Compare("t", Comparison.Like, $"x{i}%"));
        Assert.Equal(["a"], await MatchesAsync(new EntityFilter.Any([.. ones])));
        Assert.Equal(["b", "c"], await MatchesAsync(new EntityFilter.All([.. ones.Select(f => new EntityFilter.Not(f))])));
        var values = Enumerable.Range(0, MetadataLimits.MaxFilterValues).Select(i => i % 2 == 0 ? new AttributeValue(i + 1) : new AttributeValue($"x{i}")).ToArray();
        Assert.Equal(["a"], await MatchesAsync(new EntityFilter.Compare("v", Comparison.In, values)));
        Assert.Equal(["a"], await MatchesAsync(new EntityFilter.Compare("t", Comparison.In, values)));
        Assert.Equal(["b", "c"], await MatchesAsync(new EntityFilter.Not(new EntityFilter.Compare("v", Comparison.In, values))));
    }

    [Fact]
    public virtual async Task Many_entities_are_asked_for_at_once()
    {
        await CommitAsync(New("1"), New("4999"), new Change.Connect(new(Id("1"), "uses", Id("4999"))));
        var ids = Enumerable.Range(0, 5000).Select(i => Id($"{i}")).ToArray();
        var found = await Store.FindAsync(ids, EntityParts.None, Token);
        Assert.Equal(ids.Length, found.Count);
        Assert.Equal(["1", "4999"], found.OfType<Entity>().Select(e => e.Id.Key));
        Assert.Equal([new(Id("1"), "uses", Id("4999"))], await LinksAsync(new(ids, LinkDirection.In)));
    }
}
