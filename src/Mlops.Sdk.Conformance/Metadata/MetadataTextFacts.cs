using Xunit;
using static Mlops.Sdk.Metadata.EntityFilter;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about texts that databases like to confuse: collations, padding, normal forms, long ones and empty ones.</summary>
public abstract class MetadataTextFacts : MetadataFilterFacts
{
    // Each of them is equal to another one, or nothing at all, under some collation that a database has by default.
    private static readonly string[] Alike =
        ["a", "A", "a ", "a  ", "a\t", "a\n", "á", "a\u0301", "ａ", "à", "ª", "a\u200B", "\uFEFFa", "a\u00AD", "æ", "ae", "ß", "ss", "SS", "ẞ", "i", "I", "ı", "İ", "K", "\u212A", "か", "が", "カ", "ｶ", "1", "①", "١", "01", "1.0"];

    [Fact]
    public virtual async Task Texts_that_a_collation_takes_for_equal_are_told_apart()
    {
        await CommitAsync([.. Alike.Select((text, i) => New($"{i}", ("v", text))), New("empty", ("v", "")), New("space", ("v", " "))]);
        foreach (var (i, text) in Alike.Index())
        {
            Same([$"{i}"], await MatchesAsync(new Compare("v", Comparison.Equal, text)), $"v = '{text}'");
            Same([$"{i}"], await MatchesAsync(new Compare("v", Comparison.In, [text, "other"])), $"v in ('{text}')");
            Same([$"{i}"], await MatchesAsync(new Compare("v", Comparison.Like, text)), $"v like '{text}'");
            Same([$"{i}"], await MatchesAsync(new All([new Compare("v", Comparison.LessOrEqual, text), new Compare("v", Comparison.GreaterOrEqual, text)])), $"v <= and >= '{text}'");
        }

        Same(["empty"], await MatchesAsync(new Compare("v", Comparison.Equal, "")), "v = ''");
        var ordered = Alike.Append("").Append(" ").Order(Comparer<string>.Create(ModelFilter.CompareText));
        var found = (await Store.QueryAsync(new("thing") { Order = [new("v")], Limit = 100, Parts = EntityParts.Attributes }, Token)).Items.Select(e => e.Attributes!["v"].Text!);
        Same(ordered, found, "the order of texts, which is that of their UTF-8 bytes");
    }

    [Fact]
    public virtual async Task Names_that_a_collation_takes_for_equal_are_told_apart()
    {
        var names = Alike.Where(t => !t.Any(char.IsControl)).ToArray();
        foreach (var name in names)
        {
            var id = new EntityId(name, name, name);
            await CommitAsync(
                new Change.Create(id, Body(name)) { Attributes = new Dictionary<string, AttributeValue> { [name] = name } },
                new Change.Append(id, [new("m" + name, 1, DateTimeOffset.UnixEpoch, 1)]),
                new Change.Connect(new(id, name, id)),
                new Change.CreateNumbered("version", id, Body()),
                new Change.Note(id, name));
        }

        foreach (var name in names)
        {
            var id = new EntityId(name, name, name);
            Same(new[] { name, "m" + name }.Order(StringComparer.Ordinal), (await GetAsync(id)).Attributes!.Keys.Order(StringComparer.Ordinal), $"the attributes of '{name}'");
            Same([name], await KeysAsync(new(name) { Workspace = name }), $"the keys of kind and workspace '{name}'");
            Assert.Single(await PointsAsync(new(id, "m" + name)));
            Assert.Single(await LinksAsync(new([id], LinkDirection.Out) { Relation = name }));
            Same([name], (await EventsAsync(new() { Kinds = [name] })).Select(e => e.Type), $"the events of kind '{name}'");
            Assert.Equal(1.0, await AttributeAsync(new("version", $"{name}/1", name), "number"));
            foreach (var other in names.Where(n => n != name))
            {
                Assert.Null(await FindAsync(id with { Key = other }));
            }
        }
    }

    [Fact]
    public virtual async Task Long_texts_are_kept_and_compared_to_their_last_character()
    {
        // Random, so that no compression brings it below the limit of an index; of several bytes a character, so that no limit in characters is met by accident.
        var random = new Random(1);
        var start = new string([.. Enumerable.Range(0, (MetadataLimits.InlineBytes / 3) - 2).Select(_ => (char)random.Next(0x4E00, 0x9FFF))]);
        string[] texts = [start, start + "a", start + "b", start[..^1], start[..1000], start[..1000] + "\uFFFD"];
        await CommitAsync([.. texts.Select((text, i) => New($"{i}", ("v", text)))]);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.True(await AttributeAsync(Id($"{i}"), "v") == texts[i], $"A text of {texts[i].Length} characters was not read back as it was written.");
            foreach (var comparison in new[] { Comparison.Equal, Comparison.NotEqual, Comparison.Less, Comparison.LessOrEqual, Comparison.Greater, Comparison.GreaterOrEqual, Comparison.In })
            {
                var filter = new Compare("v", comparison, texts[i]);
                Same(Enumerable.Range(0, texts.Length).Where(n => ModelFilter.Holds(texts[n], filter)).Select(n => $"{n}"), await MatchesAsync(filter), $"v {comparison} text {i}");
            }
        }

        foreach (var descending in new[] { false, true })
        {
            var expected = Enumerable.Range(0, texts.Length).Order(Comparer<int>.Create((a, b) => ModelFilter.CompareText(texts[a], texts[b]) * (descending ? -1 : 1))).Select(n => $"{n}");
            Same(expected, await KeysAsync(new("thing") { Order = [new("v", descending)], Limit = 2 }), "the order of long texts");
        }
    }

    [Fact]
    public virtual async Task An_empty_text_is_not_nothing()
    {
        await CommitAsync(
            new Change.Create(Id("a"), new(1, default)) { Attributes = new Dictionary<string, AttributeValue> { ["v"] = "" } },
            New("b"),
            new Change.Note(Id("a"), "with") { Why = "" },
            new Change.Note(Id("a"), "without"));
        Assert.Equal("", await AttributeAsync(Id("a"), "v"));
        Assert.True((await GetAsync(Id("a"))).Body.Bytes.IsEmpty);
        Same(["a"], await MatchesAsync(new Present("v")), "has v");
        Same(["a"], await MatchesAsync(new Compare("v", Comparison.Equal, "")), "v = ''");
        Same(["a"], await MatchesAsync(new Compare("v", Comparison.Less, "a")), "v < 'a'");
        Same(["b"], await MatchesAsync(new Not(new Compare("v", Comparison.Like, "%"))), "not v like '%'");
        Assert.Equal(["", null], (await EventsAsync(new())).Select(e => e.Why));
        await CommitAsync(new Change.Require(Id("a")) { Attribute = "v", Equal = "" }, new Change.Require(Id("b")) { Attribute = "v", Equal = null });
        Assert.Equal(ConflictKind.Attribute, (await ConflictAsync(new Change.Require(Id("a")) { Attribute = "v", Equal = null })).Kind);
    }

    [Fact]
    public virtual async Task What_no_store_can_hold_is_not_found_and_no_error()
    {
        await CommitAsync(New("\uFFFD", ("\uFFFD", 1)), New("a", ("v", 1)), new Change.Connect(new(Id("a"), "\uFFFD", Id("a"))), new Change.Append(Id("a"), [new("\uFFFD", 1, DateTimeOffset.UnixEpoch, 1)]));
        foreach (var bad in new[] { "", "\0", "a\0", "\uD83D", "\uDE00x", new string('x', 10_000), "\t" })
        {
            EntityId[] ids = [Id(bad), new(bad, "a"), new("thing", "a", bad)];
            Assert.All(await Store.FindAsync(ids, cancellationToken: Token), Assert.Null);
            Assert.Empty(await LinksAsync(new(ids, LinkDirection.Out)));
            Assert.Empty(await LinksAsync(new([Id("a")], LinkDirection.Out) { Relation = bad }));
            Assert.Empty(await PointsAsync(new(Id("a"), bad)));
            Assert.Empty(await PointsAsync(new(Id(bad), "v")));
            Assert.Empty(await KeysAsync(new(bad)));
            Assert.Empty(await KeysAsync(new("thing") { Workspace = bad }));
            Same([], await MatchesAsync(new Present(bad)), "has a name that cannot be");
            Same(["a", "\uFFFD"], await MatchesAsync(new Not(new Compare(bad, Comparison.Equal, 1))), "not (a name that cannot be = 1)");
            Same([], await MatchesAsync(new Linked(bad, LinkDirection.Out, new All([]))), "linked by a relation that cannot be");
            Assert.Equal(2, (await KeysAsync(new("thing") { Order = [new(bad)], Limit = 1 })).Count);
            Assert.Empty(await EventsAsync(new() { Kinds = [bad] }));
            Assert.Empty(await EventsAsync(new() { Subject = Id(bad) }));
        }
    }

    private static void Same(IEnumerable<string> expected, IEnumerable<string> found, string what) =>
        Assert.True(expected.SequenceEqual(found), $"For {what}, expected [{string.Join("|", expected)}], found [{string.Join("|", found)}]. Texts are compared by their UTF-8 bytes and by nothing else.");
}
