using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Metadata;

public sealed class FilterErrorTests
{
    [Theory]
    [InlineData("metrics.auc", 11, "a comparison of metrics.auc", "the end")]
    [InlineData("metrics.auc >", 13, "a number", "the end")]
    [InlineData("metrics.auc > 'x'", 14, "a number, because metrics.auc is one", "'x'")]
    [InlineData("metrics.auc > x", 14, "a number", "x")]
    [InlineData("metrics.auc like 'x'", 12, "because metrics.auc is a number", "like")]
    [InlineData("metrics.auc > 1e999", 14, "a double can hold", "1e999")]
    [InlineData("metrics.auc > 2026-01", 14, "a number", "2026-01")]
    [InlineData("metrics.auc => 1", 13, "a number", ">")]
    [InlineData("metrics.auc > 1 metrics.b > 1", 16, "AND, OR, ORDER BY or the end", "metrics.b")]
    [InlineData("metrics.auc > 1;", 15, "a name, a value", ";")]
    [InlineData("metrics.auc > 1 and", 19, "NOT, '(' or a name", "the end")]
    [InlineData("metrics.auc > 1 and and", 20, "NOT, '(' or a name", "and")]
    [InlineData("metrics.auc not > 1", 16, "IN, LIKE or ILIKE", ">")]
    [InlineData("(metrics.auc > 1", 16, "the ')' that belongs to column 1", "the end")]
    [InlineData("metrics.auc > 1)", 15, "AND, OR, ORDER BY or the end", ")")]
    [InlineData("()", 1, "NOT, '(' or a name", ")")]
    [InlineData("metrics. > 1", 8, "a name, in backticks", "none")]
    [InlineData("metrics.`` > 1", 8, "a name, in backticks", "none")]
    [InlineData("metric2.auc > 1", 0, "metrics.NAME", "metric2.auc")]
    [InlineData("statsu = 'x'", 0, "status", "statsu")]
    [InlineData("datasets.nam = 'x'", 0, "datasets.name", "datasets.nam")]
    [InlineData("@secret = 'x'", 0, "run_id", "@secret")]
    [InlineData("'status' = 'x'", 0, "in backticks", "'status'")]
    [InlineData("tags.team = 7", 12, "a text in quotes, because tags.team is a text", "7")]
    [InlineData("params.trainer = LightGbm", 17, "a number or a text in quotes", "LightGbm")]
    [InlineData("params.trainer in ()", 19, "a number or a text in quotes", ")")]
    [InlineData("params.trainer in ('a' 'b')", 23, "',' or ')'", "'b'")]
    [InlineData("params.trainer in 'a'", 18, "'(' and a list", "'a'")]
    [InlineData("params.trainer is 'a'", 18, "NULL or NOT NULL", "'a'")]
    [InlineData("params.trainer like 5", 20, "a pattern in quotes", "5")]
    [InlineData("params.trainer = 'a", 17, "a closing '", "the end of the filter")]
    [InlineData("start_time > 'yesterday'", 13, "a time such as", "'yesterday'")]
    [InlineData("order metrics.auc", 6, "BY", "metrics.auc")]
    [InlineData("order by", 8, "a name to order by", "the end")]
    [InlineData("order by metrics.auc up", 21, "one ordering", "up")]
    [InlineData("order by metrics.auc desc, start_time", 25, "one ordering", ",")]
    [InlineData("order by datasets.name", 9, "one value for each", "datasets.name")]
    [InlineData("tags.a = 'x\u0000'", 11, "printed", "a control character")]
    [InlineData("tags.a = '😀' and tags.b = 5", 27, "a text in quotes", "5")]
    public void A_mistake_is_told_with_its_place_and_what_was_expected(string text, int position, string expected, string found)
    {
        var error = FluentActions.Invoking(() => RunQuery.Parse(text)).Should().ThrowExactly<FilterSyntaxException>().Which;

        error.Position.Should().Be(position);
        error.Expected.Should().Contain(expected);
        error.Found.Should().Be(found);
        error.Message.Should().StartWith($"The filter is wrong at column {position + 1}: expected {error.Expected}, found {found}.");
    }

    [Fact]
    public void A_caret_points_at_the_place()
    {
        var error = FluentActions.Invoking(() => RunQuery.Parse("status = 'RUNNING' and\tmetrics.auc > 'high' and tags.team = 'a' and params.trainer = 'LightGbm' or x")).Should().Throw<FilterSyntaxException>().Which;

        error.Message.Split('\n').Should().Equal(
            "The filter is wrong at column 38: expected a number, because metrics.auc is one, found 'high'.",
            "status = 'RUNNING' and metrics.auc > 'high' and tags.team = 'a' and params.train…",
            "                                     ^");
    }

    [Fact]
    public void A_caret_far_to_the_right_points_too()
    {
        var text = $"tags.team = '{new string('x', 500)}' and ! order";
        var lines = FluentActions.Invoking(() => RunQuery.Parse(text)).Should().Throw<FilterSyntaxException>().Which.Message.Split('\n');

        lines[1].Should().StartWith("…xxx").And.HaveLength(48);
        lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)].Should().Be('!');
    }

    [Fact]
    public void Length_nesting_and_number_are_limited()
    {
        Refused(new string(' ', 10_001)).Expected.Should().Contain("10,000 characters");
        RunQuery.Parse(new string(' ', 10_000)).Filter.Should().BeNull();

        Refused(string.Join(" or ", Enumerable.Repeat("tags.a = 'x'", 501))).Expected.Should().Contain("500 comparisons");
        RunQuery.Parse(string.Join(" or ", Enumerable.Repeat("tags.a = 'x'", 500))).Filter.Should().BeOfType<EntityFilter.Any>().Which.Of.Should().HaveCount(500);
        Refused(string.Join(" or ", Enumerable.Repeat("dataset.name not in ('')", 300))).Expected.Should().Contain("fewer comparisons");

        Refused(new string('(', 101) + "tags.a = 'x'" + new string(')', 101)).Position.Should().Be(100);
        RunQuery.Parse(new string('(', 100) + "tags.a = 'x'" + new string(')', 100)).Filter.Should().BeOfType<EntityFilter.Compare>();
        Refused(new string('(', 9_000)).Found.Should().Be("a filter that is nested too deeply");
        Refused(string.Concat(Enumerable.Repeat("not ", 2_000))).Found.Should().Be("a filter that is nested too deeply");
        Refused(Nested(40)).Found.Should().Be("a filter that is nested too deeply");
        MetadataLimits.Validate(RunQuery.Parse(Nested(20)).Filter);

        Refused($"tags.a = '{new string('€', 6000)}'").Expected.Should().Contain("16,384 bytes");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        Refused("tags.a = '\ud83d'").Position.Should().Be(10);
        Refused("tags.`\udc00` = 'x'").Message.Should().NotContain("\udc00");
    }

    private static string Nested(int levels) => string.Concat(Enumerable.Repeat("tags.a = 'x' and (tags.b = 'y' or ", levels)) + "tags.c = 'z'" + new string(')', levels);

    private static FilterSyntaxException Refused(string text) => FluentActions.Invoking(() => RunQuery.Parse(text)).Should().Throw<FilterSyntaxException>().Which;
}
