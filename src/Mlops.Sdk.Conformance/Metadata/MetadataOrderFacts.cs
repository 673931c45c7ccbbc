using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about order and paging.</summary>
public abstract class MetadataOrderFacts : MetadataTextFacts
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public virtual async Task Numbers_come_before_NaN_texts_and_absent_in_both_directions(bool descending)
    {
        await CommitAsync(
            New("absent1"), New("nan1", ("v", double.NaN)), New("emoji", ("v", "😀")), New("two", ("v", 2)), New("inf", ("v", double.PositiveInfinity)), New("bmp", ("v", "\uFFFD")), New("B", ("v", "B")),
            New("-inf", ("v", double.NegativeInfinity)), New("zero", ("v", 0)), New("a", ("v", "a")), New("minus-zero", ("v", -0.0)), New("nan2", ("v", double.NaN)), New("empty", ("v", "")), New("absent2"), New("two-again", ("v", 2)));
        string[] expected = descending
            ? ["inf", "two-again", "two", "minus-zero", "zero", "-inf", "nan2", "nan1", "emoji", "bmp", "a", "B", "empty", "absent2", "absent1"]
            : ["-inf", "minus-zero", "zero", "two-again", "two", "inf", "nan2", "nan1", "empty", "B", "a", "bmp", "emoji", "absent2", "absent1"];
        foreach (var limit in new[] { 100, 1, 2, 3, 7 })
        {
            Assert.Equal(expected, await KeysAsync(new("thing") { Order = [new("v", descending)], Limit = limit }));
        }
    }

    [Fact]
    public virtual async Task Without_an_order_the_newest_come_first_even_within_one_changeset()
    {
        await CommitAsync(New("a"), New("c"), New("b"));
        await CommitAsync(New("d"));
        await CommitAsync(new Change.Touch(Id("a")), new Change.Put(Id("c"), 1, Body()));
        Assert.Equal(["d", "b", "c", "a"], await KeysAsync(new("thing")));
        Assert.Equal(["d", "b", "c", "a"], await KeysAsync(new("thing") { Order = [new("@created", true)], Limit = 1 }));
        Assert.Equal(["a", "c", "b", "d"], await KeysAsync(new("thing") { Order = [new("@created")], Limit = 3 }));
    }

    [Fact]
    public virtual async Task Keys_are_ordered_by_code_point_and_modification_by_time()
    {
        await CommitAsync(New("😀"), New("\uFFFD"), New("b"), New("B"), New("é"));
        Assert.Equal(["B", "b", "é", "\uFFFD", "😀"], await KeysAsync(new("thing") { Order = [new("@key")], Limit = 2 }));
        Assert.Equal(["😀", "\uFFFD", "é", "b", "B"], await KeysAsync(new("thing") { Order = [new("@key", true)], Limit = 2 }));
        await CommitAsync(new Change.Touch(Id("b")));
        await CommitAsync(new Change.Set(Id("😀"), "v", 1));
        Assert.Equal(["😀", "b"], (await KeysAsync(new("thing") { Order = [new("@modified", true)], Limit = 2 })).Take(2));
        Assert.Equal(["b", "😀"], (await KeysAsync(new("thing") { Order = [new("@modified")], Limit = 2 })).TakeLast(2));
    }

    [Fact]
    public virtual async Task Filter_order_and_paging_work_together()
    {
        await CommitAsync([.. Enumerable.Range(0, 100).Select(i => New($"k{i:00}", ("v", i % 10), ("w", i)))]);
        var filter = new EntityFilter.Compare("v", Comparison.In, [3, 7]);
        var expected = Enumerable.Range(0, 100).Where(i => i % 10 is 3 or 7).OrderBy(i => i % 10).ThenByDescending(i => i).Select(i => $"k{i:00}");
        Assert.Equal(expected, await KeysAsync(new("thing") { Filter = filter, Order = [new("v")], Limit = 6 }));
        Assert.Equal(expected.OrderDescending(StringComparer.Ordinal), await KeysAsync(new("thing") { Filter = filter, Order = [new("w", true)], Limit = 6 }));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("v", false)]
    [InlineData("v", true)]
    [InlineData("@key", false)]
    public virtual async Task Paging_is_exact_while_others_insert_and_delete(string? order, bool descending)
    {
        var before = Enumerable.Range(0, 60).Select(i => $"k{i:00}").ToArray();
        await CommitAsync([.. before.Select((key, i) => i % 7 == 0 ? New(key) : New(key, ("v", i % 5)))]);
        var query = new EntityQuery("thing") { Order = order is null ? [] : [new(order, descending)], Limit = 7 };
        var seen = new List<string>();
        var round = 0;
        do
        {
            var page = await Store.QueryAsync(query, Token);
            seen.AddRange(page.Items.Select(e => e.Id.Key));
            query = query with { After = page.Next };
            await CommitAsync(New($"k{round:00}-new", ("v", round % 5)), New($"z{round}"), new Change.Touch(Id("k59")));
            if (seen.Count > 0 && await FindAsync(Id(seen[^1])) is { } last)
            {
                await CommitAsync(new Change.Delete(last.Id, last.Revision));
            }

            round++;
        }
        while (query.After is not null && round < 100);
        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Empty(before.Except(seen));
    }

    [Fact]
    public virtual async Task The_last_page_has_no_token()
    {
        await CommitAsync([.. Enumerable.Range(0, 4).Select(i => New($"{i}"))]);
        var first = await Store.QueryAsync(new("thing") { Limit = 2 }, Token);
        Assert.NotNull(first.Next);
        var second = await Store.QueryAsync(new("thing") { Limit = 2, After = first.Next }, Token);
        Assert.Equal(2, second.Items.Count);
        Assert.Null(second.Next);
        Assert.Null((await Store.QueryAsync(new("thing") { Limit = 4 }, Token)).Next);
        Assert.Null((await Store.QueryAsync(new("gone"), Token)).Next);
    }

    [Fact]
    public virtual async Task The_token_of_another_query_is_refused()
    {
        await CommitAsync([.. Enumerable.Range(0, 4).Select(i => New($"{i}", ("v", i), ("w", -i)))]);
        var query = new EntityQuery("thing") { Order = [new("v")], Filter = new EntityFilter.Present("v"), Limit = 1 };
        var token = (await Store.QueryAsync(query, Token)).Next;
        Assert.NotNull(token);
        EntityQuery[] others =
        [
            query with { Order = [new("w")] },
            query with { Order = [new("v", true)] },
            query with { Order = [] },
            query with { Filter = null },
            query with { Filter = new EntityFilter.Present("w") },
            query with { Workspace = "other" },
            new("other") { Order = query.Order, Filter = query.Filter },
        ];
        foreach (var other in others)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.QueryAsync(other with { After = token }, Token));
        }

        var changed = Enumerable.Range(0, token.Length).Select(i => token[..i] + (token[i] == 'B' ? 'C' : 'B') + token[(i + 1)..]);
        foreach (var wrong in changed.Concat(["", "x", "not a token", token[1..], token[..^1], token + "A", token + "=", " " + token, new string('A', 60)]))
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.QueryAsync(query with { After = wrong }, Token));
        }

        Assert.Equal(["1"], (await Store.QueryAsync(query with { After = token }, Token)).Items.Select(e => e.Id.Key));
        Assert.Equal(["1", "2", "3"], (await Store.QueryAsync(query with { After = token, Limit = 100, Parts = EntityParts.None }, Token)).Items.Select(e => e.Id.Key));
    }
}
