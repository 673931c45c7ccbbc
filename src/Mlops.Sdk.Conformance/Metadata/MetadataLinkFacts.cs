using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about links.</summary>
public abstract class MetadataLinkFacts : MetadataOrderFacts
{
    [Fact]
    public virtual async Task A_link_is_there_once_however_often_it_is_made()
    {
        var link = new Link(Id("a"), "uses", Id("b"));
        await CommitAsync(New("a"), New("b"), new Change.Connect(link), new Change.Connect(link));
        await CommitAsync(new Change.Connect(link));
        Assert.Equal([link], await LinksAsync(new([Id("a")], LinkDirection.Out)));
        Assert.Equal([link], await LinksAsync(new([Id("b")], LinkDirection.In)));
        Assert.Empty(await LinksAsync(new([Id("a")], LinkDirection.In)));
        Assert.Empty(await LinksAsync(new([Id("b")], LinkDirection.Out)));
    }

    [Fact]
    public virtual async Task A_link_is_removed_once_and_then_it_is_fine_that_it_is_not_there()
    {
        var link = new Link(Id("a"), "uses", Id("b"));
        await CommitAsync(New("a"), New("b"), new Change.Connect(link), new Change.Connect(link with { Relation = "saw" }), new Change.Connect(new(Id("b"), "uses", Id("a"))));
        await CommitAsync(new Change.Disconnect(link));
        await CommitAsync(new Change.Disconnect(link));
        Assert.Equal([link with { Relation = "saw" }], await LinksAsync(new([Id("a")], LinkDirection.Out)));
        Assert.Single(await LinksAsync(new([Id("b")], LinkDirection.Out)));
    }

    [Fact]
    public virtual async Task An_entity_may_be_linked_to_itself()
    {
        var link = new Link(Id("a"), "next", Id("a"));
        await CommitAsync(New("a"), new Change.Connect(link));
        Assert.Equal([link], await LinksAsync(new([Id("a")], LinkDirection.Out)));
        Assert.Equal([link], await LinksAsync(new([Id("a")], LinkDirection.In)));
        Assert.Equal(["a"], await MatchesAsync(new EntityFilter.Linked("next", LinkDirection.Out, new EntityFilter.All([]))));
        await CommitAsync(new Change.Delete(Id("a"), 1));
        Assert.Empty(await LinksAsync(new([Id("a")], LinkDirection.Out)));
    }

    [Fact]
    public virtual async Task Links_of_a_set_are_selected_by_relation_and_direction()
    {
        await CommitAsync(New("a"), New("b"), New("c"), new Change.Create(new("other", "a", "elsewhere"), Body()));
        Link[] links =
        [
            new(Id("a"), "uses", Id("b")), new(Id("a"), "uses", Id("c")), new(Id("b"), "uses", Id("c")), new(Id("a"), "saw", Id("c")), new(Id("c"), "saw", Id("a")),
            new(Id("a"), "uses", new("other", "a", "elsewhere")),
        ];
        await CommitAsync([.. links.Select(l => new Change.Connect(l))]);
        foreach (var ids in new EntityId[][] { [], [Id("a")], [Id("b"), Id("a")], [Id("c"), Id("gone"), Id("c")], [new("other", "a", "elsewhere")], [new("other", "a")] })
        {
            foreach (var relation in new[] { null, "uses", "saw", "gone" })
            {
                foreach (var limit in new[] { 1, 2, 1000 })
                {
                    var chosen = links.Where(l => relation is null || l.Relation == relation);
                    Equivalent(chosen.Where(l => ids.Contains(l.From)), await LinksAsync(new(ids, LinkDirection.Out) { Relation = relation, Limit = limit }));
                    Equivalent(chosen.Where(l => ids.Contains(l.To)), await LinksAsync(new(ids, LinkDirection.In) { Relation = relation, Limit = limit }));
                }
            }
        }
    }

    [Fact]
    public virtual async Task Links_are_paged_in_a_stable_order_while_others_link()
    {
        await CommitAsync([New("hub"), .. Enumerable.Range(0, 50).Select(i => New($"{i}")), .. Enumerable.Range(0, 50).Select(i => new Change.Connect(new(Id("hub"), "uses", Id($"{i}"))))]);
        var query = new LinkQuery([Id("hub")], LinkDirection.Out) { Limit = 7 };
        var whole = await LinksAsync(query with { Limit = 10_000 });
        Assert.Equal(whole, await LinksAsync(query));
        var seen = new List<Link>();
        for (var round = 0; ; round++)
        {
            var page = await Store.LinksAsync(query, Token);
            seen.AddRange(page.Items);
            if (page.Next is null || round > 100)
            {
                break;
            }

            query = query with { After = page.Next };
            await CommitAsync(New($"new{round}"), new Change.Connect(new(Id("hub"), "uses", Id($"new{round}"))), new Change.Connect(new(Id($"new{round}"), "uses", Id("hub"))));
        }

        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Empty(whole.Except(seen));
    }

    [Fact]
    public virtual async Task The_token_of_another_link_query_is_refused()
    {
        await CommitAsync(New("a"), New("b"), New("c"), new Change.Connect(new(Id("a"), "uses", Id("b"))), new Change.Connect(new(Id("a"), "uses", Id("c"))));
        var query = new LinkQuery([Id("a")], LinkDirection.Out) { Limit = 1 };
        var token = (await Store.LinksAsync(query, Token)).Next;
        Assert.NotNull(token);
        foreach (var other in new[] { query with { Relation = "uses" }, query with { Ids = [Id("b")] }, query with { Direction = LinkDirection.In } })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.LinksAsync(other with { After = token }, Token));
        }

        var changed = Enumerable.Range(0, token.Length).Select(i => token[..i] + (token[i] == 'B' ? 'C' : 'B') + token[(i + 1)..]);
        foreach (var wrong in changed.Concat(["", "x", token[1..], token[..^1], token + "A"]))
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.LinksAsync(query with { After = wrong }, Token));
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.QueryAsync(new("thing") { After = token }, Token));
        Assert.Equal(Id("c"), Assert.Single((await Store.LinksAsync(query with { After = token }, Token)).Items).To);
    }

    private static void Equivalent(IEnumerable<Link> expected, IEnumerable<Link> actual) =>
        Assert.Equal(expected.Select(l => $"{l}").Order(StringComparer.Ordinal), actual.Select(l => $"{l}").Order(StringComparer.Ordinal));
}
