using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about changesets, revisions and reads by id.</summary>
public abstract class MetadataCommitFacts : MetadataSuite
{
    [Fact]
    public virtual async Task Opening_again_changes_nothing()
    {
        var first = await Store.OpenAsync(Token);
        await CommitAsync(New("a"));
        var second = await Store.OpenAsync(Token);
        Assert.Equal(first, second);
        Assert.NotEqual(Guid.Empty, first.StoreId);
        Assert.True(first.MaxChanges >= 1000 && first.MaxBodyBytes >= 16384 && first.MaxTextBytes >= 16384, $"The limits of {first} are lower than the contract allows.");
        Assert.NotNull(await FindAsync(Id("a")));
    }

    [Fact]
    public virtual async Task A_created_entity_is_read_back_as_it_was_written()
    {
        var result = await CommitAsync(new Change.Create(Id("a"), Body("hello", 7)) { Attributes = new Dictionary<string, AttributeValue> { ["n"] = 1.5, ["t"] = "x" } });
        var entity = await GetAsync(Id("a"));
        Assert.Equal([Id("a")], result.Created);
        Assert.Equal(Id("a"), entity.Id);
        Assert.Equal(1, entity.Revision);
        Assert.Equal(7, entity.Body.Version);
        Assert.Equal("hello"u8.ToArray(), entity.Body.Bytes.ToArray());
        Assert.Equal(new Dictionary<string, AttributeValue> { ["n"] = 1.5, ["t"] = "x" }, entity.Attributes!.ToDictionary());
        Assert.Equal(result.At, entity.Created);
        Assert.Equal(result.At, entity.Modified);
    }

    [Fact]
    public virtual async Task Creating_what_exists_conflicts_and_changes_nothing()
    {
        await CommitAsync(New("a", ("v", 1)));
        await CommitAsync(new Change.Put(Id("a"), 1, Body("second")));
        var conflict = await ConflictAsync(New("a", ("v", 2)));
        Assert.Equal(new(0, Id("a"), ConflictKind.Exists, 2), conflict);
        Assert.Equal(1.0, await AttributeAsync(Id("a"), "v"));
    }

    [Fact]
    public virtual async Task All_changes_are_applied_or_none()
    {
        await CommitAsync(New("old", ("v", 1)), New("other"));
        var conflict = await ConflictAsync(
            New("new"),
            new Change.CreateNumbered("version", Id("old"), Body()),
            new Change.Set(Id("old"), "v", 2),
            new Change.Append(Id("old"), [new("loss", 1, DateTimeOffset.UnixEpoch, 0.5)]),
            new Change.Connect(new(Id("old"), "uses", Id("other"))),
            new Change.Note(Id("old"), "changed"),
            new Change.Put(Id("other"), 9, Body()));
        Assert.Equal(new(6, Id("other"), ConflictKind.Revision, 1), conflict);
        Assert.Null(await FindAsync(Id("new")));
        Assert.Equal(0, await Store.CountAsync("version", cancellationToken: Token));
        Assert.Equal(1.0, await AttributeAsync(Id("old"), "v"));
        Assert.Empty(await PointsAsync(new(Id("old"), "loss")));
        Assert.Empty(await LinksAsync(new([Id("old")], LinkDirection.Out)));
        Assert.Empty(await EventsAsync(new()));
    }

    [Fact]
    public virtual async Task Changes_are_applied_in_order()
    {
        await CommitAsync(
            New("a", ("v", 1)),
            new Change.Put(Id("a"), 1, Body("two")),
            new Change.Put(Id("a"), 2, Body("three")),
            new Change.Set(Id("a"), "v", 2),
            new Change.Set(Id("a"), "v", 3),
            New("b"),
            new Change.Delete(Id("b"), 1),
            new Change.Create(Id("b"), Body("again")));
        var (a, b) = (await GetAsync(Id("a")), await GetAsync(Id("b")));
        Assert.Equal(3, a.Revision);
        Assert.Equal("three"u8.ToArray(), a.Body.Bytes.ToArray());
        Assert.Equal(3.0, a.Attributes!["v"]);
        Assert.Equal("again"u8.ToArray(), b.Body.Bytes.ToArray());
    }

    [Fact]
    public virtual async Task A_put_replaces_the_body_and_the_named_attributes()
    {
        await CommitAsync(New("a", ("keep", "x"), ("change", 1)));
        await CommitAsync(new Change.Put(Id("a"), 1, Body("new", 2)) { Attributes = new Dictionary<string, AttributeValue> { ["change"] = "text", ["add"] = 3 } });
        var entity = await GetAsync(Id("a"));
        Assert.Equal(2, entity.Revision);
        Assert.Equal(2, entity.Body.Version);
        Assert.Equal("new"u8.ToArray(), entity.Body.Bytes.ToArray());
        Assert.Equal(new Dictionary<string, AttributeValue> { ["keep"] = "x", ["change"] = "text", ["add"] = 3 }, entity.Attributes!.ToDictionary());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public virtual async Task A_put_or_delete_at_another_revision_conflicts(long revision)
    {
        await CommitAsync(New("a"));
        await CommitAsync(new Change.Put(Id("a"), 1, Body("second")));
        Assert.Equal(new(0, Id("a"), ConflictKind.Revision, 2), await ConflictAsync(new Change.Put(Id("a"), revision, Body("lost"))));
        Assert.Equal(new(0, Id("a"), ConflictKind.Revision, 2), await ConflictAsync(new Change.Delete(Id("a"), revision)));
        Assert.Equal("second"u8.ToArray(), (await GetAsync(Id("a"))).Body.Bytes.ToArray());
    }

    [Fact]
    public virtual async Task Every_change_of_a_missing_entity_conflicts()
    {
        await CommitAsync(New("there"));
        var gone = Id("gone");
        Change[] changes =
        [
            new Change.Put(gone, 1, Body()),
            new Change.Delete(gone, 1),
            new Change.Set(gone, "v", 1),
            new Change.Set(gone, "v", null),
            new Change.SetOnce(gone, "v", 1),
            new Change.Touch(gone),
            new Change.Append(gone, [new("loss", 1, DateTimeOffset.UnixEpoch, 1)]),
            new Change.Append(gone, []),
            new Change.Connect(new(gone, "uses", Id("there"))),
            new Change.Connect(new(Id("there"), "uses", gone)),
            new Change.Disconnect(new(gone, "uses", Id("there"))),
            new Change.Disconnect(new(Id("there"), "uses", gone)),
            new Change.Require(gone),
        ];
        foreach (var change in changes)
        {
            Assert.Equal(new(0, gone, ConflictKind.Missing), await ConflictAsync(change));
        }

        var all = await TryAsync(changes);
        Assert.Equal(Enumerable.Range(0, changes.Length), all.Conflicts.Select(c => c.Change));
        Assert.Null(await FindAsync(gone));
    }

    [Fact]
    public virtual async Task A_deleted_entity_takes_everything_but_its_events_along()
    {
        await CommitAsync(
            New("a", ("v", 1)),
            New("b"),
            new Change.Append(Id("a"), [new("loss", 1, DateTimeOffset.UnixEpoch, 0.5)]),
            new Change.Connect(new(Id("a"), "uses", Id("b"))),
            new Change.Connect(new(Id("b"), "uses", Id("a"))),
            new Change.Note(Id("a"), "made"));
        await CommitAsync(new Change.Delete(Id("a"), 1));
        Assert.Null(await FindAsync(Id("a")));
        Assert.Equal(["b"], await KeysAsync(new("thing")));
        Assert.Empty(await LinksAsync(new([Id("a"), Id("b")], LinkDirection.Out)));
        Assert.Empty(await LinksAsync(new([Id("a"), Id("b")], LinkDirection.In)));

        await CommitAsync(New("a"));
        var again = await GetAsync(Id("a"));
        Assert.Equal(1, again.Revision);
        Assert.Empty(again.Attributes!);
        Assert.Empty(await PointsAsync(new(Id("a"), "loss")));
        Assert.Empty(await LinksAsync(new([Id("a")], LinkDirection.Out)));
        Assert.Single(await EventsAsync(new() { Subject = Id("a") }));
    }

    [Fact]
    public virtual async Task Commuting_changes_leave_the_revision_alone()
    {
        await CommitAsync(New("a"), New("b"));
        await CommitAsync(
            new Change.Set(Id("a"), "v", 1),
            new Change.SetOnce(Id("a"), "once", "x"),
            new Change.Touch(Id("a")),
            new Change.Append(Id("a"), [new("loss", 1, DateTimeOffset.UnixEpoch, 1)]),
            new Change.Connect(new(Id("a"), "uses", Id("b"))),
            new Change.Disconnect(new(Id("a"), "uses", Id("b"))),
            new Change.Note(Id("a"), "seen"));
        Assert.Equal(1, (await GetAsync(Id("a"))).Revision);
    }

    [Fact]
    public virtual async Task Entities_are_found_in_the_order_asked_for()
    {
        await CommitAsync(New("a"), New("b"));
        var found = await Store.FindAsync([Id("b"), Id("gone"), Id("a"), Id("b")], cancellationToken: Token);
        Assert.Equal(["b", null, "a", "b"], found.Select(e => e?.Id.Key));
        Assert.Empty(await Store.FindAsync([], cancellationToken: Token));
    }

    [Fact]
    public virtual async Task Only_the_parts_asked_for_are_returned()
    {
        await CommitAsync(New("a", ("v", 1)), new Change.Append(Id("a"), [new("loss", 1, DateTimeOffset.UnixEpoch, 2)]));
        foreach (var parts in new[] { EntityParts.None, EntityParts.Body, EntityParts.Attributes, EntityParts.Body | EntityParts.Attributes })
        {
            var found = Assert.Single(await Store.FindAsync([Id("a")], parts, Token))!;
            var queried = Assert.Single((await Store.QueryAsync(new("thing") { Parts = parts }, Token)).Items);
            foreach (var entity in new[] { found, queried })
            {
                Assert.Equal(1, entity.Revision);
                Assert.Equal(parts.HasFlag(EntityParts.Body) ? 2 : 0, entity.Body.Bytes.Length);
                Assert.Equal(parts.HasFlag(EntityParts.Attributes) ? 2 : null, entity.Attributes?.Count);
            }
        }
    }

    [Fact]
    public virtual async Task Workspaces_are_separate()
    {
        var (here, there) = (Id("a"), Id("a") with { Workspace = "other" });
        await CommitAsync(new Change.Create(here, Body("here")));
        await CommitAsync(new Change.Create(there, Body("there")), new Change.Set(there, "v", 1));
        Assert.Equal("here"u8.ToArray(), (await GetAsync(here)).Body.Bytes.ToArray());
        Assert.Equal("there"u8.ToArray(), (await GetAsync(there)).Body.Bytes.ToArray());
        Assert.Null(await AttributeAsync(here, "v"));
        Assert.Equal(1, await Store.CountAsync("thing", workspace: "other", cancellationToken: Token));
        Assert.Equal("other", Assert.Single((await Store.QueryAsync(new("thing") { Workspace = "other" }, Token)).Items).Id.Workspace);
        Assert.Equal(0, await Store.CountAsync("thing", workspace: "third", cancellationToken: Token));

        var numbered = await CommitAsync(new Change.CreateNumbered("version", here, Body()), new Change.CreateNumbered("version", there, Body()));
        Assert.Equal([new("version", "a/1"), new("version", "a/1", "other")], numbered.Created);

        await CommitAsync(new Change.Delete(here, 1));
        Assert.NotNull(await FindAsync(there));
    }
}
