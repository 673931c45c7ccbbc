using Xunit;
using static Mlops.Sdk.Metadata.EntityFilter;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about filters.</summary>
public abstract class MetadataFilterFacts : MetadataValueFacts
{
    private static readonly Dictionary<string, AttributeValue?> Rows = new()
    {
        ["absent"] = null, ["zero"] = 0, ["minus-zero"] = -0.0, ["one"] = 1, ["minus"] = -1.5, ["inf"] = double.PositiveInfinity, ["minus-inf"] = double.NegativeInfinity, ["nan"] = double.NaN,
        ["t-empty"] = "", ["t-1"] = "1", ["t-nan"] = "NaN", ["t-a"] = "a", ["t-A"] = "A", ["t-ab"] = "ab", ["t-é"] = "é", ["t-É"] = "É", ["t-e"] = "e\u0301", ["t-bmp"] = "\uFFFD", ["t-emoji"] = "😀",
        ["t-percent"] = "100%", ["t-under"] = "a_b", ["t-back"] = "a\\b", ["t-glob"] = "a*?[b]", ["t-regex"] = "^a.b$", ["t-line"] = "a\nb", ["t-quote"] = "it's",
    };

    private static readonly (string Text, string Pattern, bool Matches)[] Patterns =
    [
        ("😀", "_", true),
        ("a😀b", "a_b", true),
        ("a😀b", "a__b", false),
        ("e\u0301", "_", false),
        ("a\nb", "a_b", true),
        ("a\nb", "a%", true),
        ("a.b", "a.b", true),
        ("axb", "a.b", false),
        ("a\\b", "a\\b", true),
        ("a%b", "a\\%b", false),
        ("[ab]", "[ab]", true),
        ("a", "[ab]", false),
        ("anything", "*", false),
        ("a", "?", false),
        ("abab", "%ab", true),
        ("ab", "a", false),
        ("", "%", true),
        ("", "_", false),
        ("", "", true),
        ("abcabd", "%b_", true),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "%a%a%a%a%a%a%a%ac", false),
        ("A", "a", false),
    ];

    private static readonly (string Text, string Pattern, bool Matches)[] CasePatterns =
    [
        ("Model-A", "model-%", true),
        ("model-a", "MODEL-_", true),
        ("É", "é", false),
        ("\u212A", "k", false),
        ("[", "{", false),
        ("@", "`", false),
    ];

    private Task<CommitResult> RowsAsync() => CommitAsync([.. Rows.Select(r => r.Value is { } value ? New(r.Key, ("v", value)) : New(r.Key))]);

    [Fact]
    public virtual async Task Every_comparison_of_every_value_with_every_value_is_as_the_contract_says()
    {
        await RowsAsync();
        foreach (var comparison in Enum.GetValues<Comparison>())
        {
            foreach (var operand in Rows.Values.OfType<AttributeValue>().Append("%").Append("_").Append("a_b").Append("%b").Append("A%"))
            {
                var filter = new Compare("v", comparison, operand);
                var expected = Rows.Where(r => r.Value is { } actual && ModelFilter.Holds(actual, filter)).Select(r => r.Key).Order(StringComparer.Ordinal).ToList();
                var found = await MatchesAsync(filter);
                Assert.True(expected.SequenceEqual(found), $"v {comparison} '{operand}': expected {string.Join(" ", expected)}, found {string.Join(" ", found)}.");
                var rest = await MatchesAsync(new Not(filter));
                Assert.True(Rows.Keys.Except(expected).Order(StringComparer.Ordinal).SequenceEqual(rest), $"Not(v {comparison} '{operand}') is not the complement: found {string.Join(" ", rest)}.");
            }
        }
    }

    [Fact]
    public virtual async Task NaN_equals_itself_and_is_neither_less_nor_greater()
    {
        await CommitAsync(New("nan", ("v", double.NaN)), New("one", ("v", 1)), New("text", ("v", "NaN")), New("absent"));
        Assert.Equal(["nan"], await MatchesAsync(new Compare("v", Comparison.Equal, double.NaN)));
        Assert.Equal(["one"], await MatchesAsync(new Compare("v", Comparison.NotEqual, double.NaN)));
        Assert.Equal(["nan"], await MatchesAsync(new Compare("v", Comparison.NotEqual, 1)));
        Assert.Empty(await MatchesAsync(new Compare("v", Comparison.Less, double.NaN)));
        Assert.Empty(await MatchesAsync(new Compare("v", Comparison.Greater, double.NaN)));
        Assert.Equal(["nan"], await MatchesAsync(new Compare("v", Comparison.GreaterOrEqual, double.NaN)));
        Assert.Equal(["one"], await MatchesAsync(new Compare("v", Comparison.Greater, double.NegativeInfinity)));
        Assert.Equal(["one"], await MatchesAsync(new Compare("v", Comparison.Less, double.PositiveInfinity)));
        Assert.Equal(["nan", "one"], await MatchesAsync(new Compare("v", Comparison.In, [double.NaN, 1, "x"])));
    }

    [Fact]
    public virtual async Task An_absent_attribute_and_one_of_the_other_type_fail_every_comparison()
    {
        await CommitAsync(New("number", ("v", 1)), New("text", ("v", "1")), New("absent"));
        Assert.Equal(["number"], await MatchesAsync(new Compare("v", Comparison.Equal, 1)));
        Assert.Equal(["text"], await MatchesAsync(new Compare("v", Comparison.Equal, "1")));
        Assert.Empty(await MatchesAsync(new Compare("v", Comparison.NotEqual, 1)));
        Assert.Equal(["absent", "text"], await MatchesAsync(new Not(new Compare("v", Comparison.Equal, 1))));
        Assert.Equal(["text"], await MatchesAsync(new Compare("v", Comparison.Less, "2")));
        Assert.Empty(await MatchesAsync(new Compare("v", Comparison.Like, 1)));
        Assert.Equal(["number", "text"], await MatchesAsync(new Present("v")));
        Assert.Equal(["absent"], await MatchesAsync(new Not(new Present("v"))));
    }

    [Fact]
    public virtual async Task Empty_all_is_true_and_empty_any_and_in_are_false()
    {
        await CommitAsync(New("a", ("v", 1)), New("b"));
        Assert.Equal(["a", "b"], await MatchesAsync(new All([])));
        Assert.Empty(await MatchesAsync(new Any([])));
        Assert.Empty(await MatchesAsync(new Compare("v", Comparison.In, [])));
        Assert.Empty(await MatchesAsync(new Not(new All([]))));
        Assert.Equal(["a", "b"], await MatchesAsync(new Not(new Any([]))));
        Assert.Equal(["a"], await MatchesAsync(new All([new Present("v"), new Not(new Any([]))])));
    }

    [Fact]
    public virtual async Task Filters_nest()
    {
        await CommitAsync(New("a", ("x", 1), ("y", "p")), New("b", ("x", 2), ("y", "q")), New("c", ("x", 3)), New("d", ("y", "p")));
        Assert.Equal(["a", "c", "d"], await MatchesAsync(new Any([new All([new Compare("x", Comparison.Less, 2), new Compare("y", Comparison.Equal, "p")]), new Compare("x", Comparison.Equal, 3), new Not(new Present("x"))])));
        Assert.Equal(["b"], await MatchesAsync(new Not(new Any([new Not(new Present("y")), new All([new Not(new Compare("y", Comparison.In, ["q"]))])]))));
        EntityFilter deep = new Compare("x", Comparison.Equal, 2);
        for (var i = 1; i < MetadataLimits.MaxFilterDepth; i++)
        {
            deep = i % 2 == 0 ? new All([deep]) : new Not(deep);
        }

        var expected = (MetadataLimits.MaxFilterDepth / 2) % 2 == 0 ? new List<string> { "b" } : ["a", "c", "d"];
        Assert.Equal(expected, await MatchesAsync(deep));
    }

    [Fact]
    public virtual Task A_pattern_matches_the_whole_text() => MatchAsync(Comparison.Like, Patterns);

    [Fact]
    public virtual Task Case_is_ignored_for_ascii_letters_only() => MatchAsync(Comparison.LikeIgnoreCase, CasePatterns);

    [Fact]
    public virtual async Task Key_creation_and_modification_can_be_compared()
    {
        var first = await CommitAsync(New("a"));
        var second = await CommitAsync(New("B"));
        var third = await CommitAsync(new Change.Touch(Id("a")));
        Assert.Equal(["a"], await MatchesAsync(new Compare("@key", Comparison.Equal, "a")));
        Assert.Equal(["B"], await MatchesAsync(new Compare("@key", Comparison.Less, "a")));
        Assert.Equal(["B"], await MatchesAsync(new Compare("@key", Comparison.LikeIgnoreCase, "b%")));
        Assert.Equal(["a"], await MatchesAsync(new Compare("@created", Comparison.Less, Between(first, second))));
        Assert.Equal(["B"], await MatchesAsync(new Compare("@created", Comparison.Greater, Between(first, second))));
        Assert.Equal(["a"], await MatchesAsync(new Compare("@modified", Comparison.GreaterOrEqual, Between(second, third))));
        Assert.Equal(["B"], await MatchesAsync(new Compare("@modified", Comparison.LessOrEqual, Between(second, third))));
        Assert.Empty(await MatchesAsync(new Compare("@created", Comparison.Equal, "a")));
        Assert.Equal(["B", "a"], await MatchesAsync(new All([new Present("@key"), new Present("@created"), new Present("@modified")])));

        // Half a microsecond before the second of the two times, which are at least one microsecond apart.
        static double Between(CommitResult before, CommitResult after) =>
            Math.Max((before.At - DateTimeOffset.UnixEpoch).TotalMicroseconds + 0.5, (after.At - DateTimeOffset.UnixEpoch).TotalMicroseconds - 0.5) / 1000;
    }

    [Fact]
    public virtual async Task Linked_entities_are_found_in_both_directions_and_through_two_hops()
    {
        await CommitAsync(
            New("run1"), New("run2"), New("run3"), New("data", ("name", "flights")), new Change.Create(new("model", "m"), Body()),
            new Change.Connect(new(Id("run1"), "uses", Id("data"))),
            new Change.Connect(new(Id("run2"), "saw", Id("data"))),
            new Change.Connect(new(new("model", "m"), "made-by", Id("run1"))));
        var flights = new Compare("name", Comparison.Equal, "flights");
        Assert.Equal(["run1"], await MatchesAsync(new Linked("uses", LinkDirection.Out, flights)));
        Assert.Equal(["run2"], await MatchesAsync(new Linked("saw", LinkDirection.Out, new All([]))));
        Assert.Empty(await MatchesAsync(new Linked("uses", LinkDirection.Out, new Not(flights))));
        Assert.Equal(["data"], await MatchesAsync(new Linked("uses", LinkDirection.In, new Compare("@key", Comparison.Equal, "run1"))));
        Assert.Equal(["run1"], await MatchesAsync(new Linked("made-by", LinkDirection.In, new All([]))));
        Assert.Equal(["data", "run2", "run3"], await MatchesAsync(new Not(new Linked("uses", LinkDirection.Out, flights))));
        var twoHops = new EntityQuery("model") { Filter = new Linked("made-by", LinkDirection.Out, new Linked("uses", LinkDirection.Out, flights)) };
        Assert.Equal(["m"], await KeysAsync(twoHops));
    }

    [Fact]
    public virtual async Task Counting_stops_at_the_number_given()
    {
        await CommitAsync([.. Enumerable.Range(0, 20).Select(i => New($"{i}", ("v", i)))]);
        var filter = new Compare("v", Comparison.Less, 10);
        Assert.Equal(10, await Store.CountAsync("thing", filter, cancellationToken: Token));
        Assert.Equal(7, await Store.CountAsync("thing", filter, atMost: 7, cancellationToken: Token));
        Assert.Equal(20, await Store.CountAsync("thing", cancellationToken: Token));
        Assert.Equal(1, await Store.CountAsync("thing", atMost: 1, cancellationToken: Token));
        Assert.Equal(0, await Store.CountAsync("gone", cancellationToken: Token));
    }

    private async Task MatchAsync(Comparison comparison, (string Text, string Pattern, bool Matches)[] rows)
    {
        await CommitAsync([.. rows.Select((row, i) => New($"{i}", ($"v{i}", row.Text)))]);
        foreach (var (i, (text, pattern, matches)) in rows.Index())
        {
            var found = (await MatchesAsync(new Compare($"v{i}", comparison, pattern))).Count == 1;
            Assert.True(found == matches, $"'{text}' {comparison} '{pattern}' should be {matches}: % is any characters, _ one code point, everything else itself, and the whole text counts.");
        }
    }
}
