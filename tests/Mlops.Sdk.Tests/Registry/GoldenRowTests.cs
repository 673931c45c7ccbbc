using System.Globalization;
using System.Text.Json;
using CsCheck;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

public sealed class GoldenRowTests
{
    private static readonly Gen<string> Scalar = Gen.OneOf(
        Gen.Double.Select(d => double.IsFinite(d) ? d.ToString("R", CultureInfo.InvariantCulture) : $"\"{(double.IsNaN(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity")}\""),
        Gen.String.Where(s => !s.Any(char.IsSurrogate)).Select(s => JsonSerializer.Serialize(s)),
        Gen.Int[0, 2].Select(i => i == 0 ? "null" : i == 1 ? "true" : "false"));

    private static readonly Gen<string> Value = Gen.OneOf(
        Scalar,
        Scalar.List[0, 4].Select(items => $"[{string.Join(',', items)}]"),
        Scalar.List[0, 4].Select(items => $"{{{string.Join(',', items.Select((item, i) => $"\"p{i}\":{item}"))}}}"));

    [Fact]
    public void Every_answer_agrees_with_itself_and_rows_survive_being_written()
    {
        Gen.Select(Value, Value, Gen.Double[0, 10]).Sample((input, expected, tolerance) =>
        {
            var row = new GoldenRow(Json(input), Json(expected), tolerance);
            row.Difference(Json(expected)).Should().BeNull();
            var read = GoldenRow.ReadLines(GoldenRow.WriteLines([row, row]));
            read.Should().HaveCount(2);
            read[1].Tolerance.Should().Be(tolerance);
            JsonElement.DeepEquals(read[1].Input, row.Input).Should().BeTrue();
            JsonElement.DeepEquals(read[1].Expected, row.Expected).Should().BeTrue();
        });
    }

    [Theory]
    [InlineData("1.0", "1.0009", 0.001, null)]
    [InlineData("1.0", "1.0011", 0.001, "$ is 1.0011, expected 1.0")]
    [InlineData("1000", "1000.9", 0.001, null)]
    [InlineData("1000", "1001.1", 0.001, "$ is 1001.1, expected 1000")]
    [InlineData("0", "0.0009", 0.001, null)]
    [InlineData("0.1", "0.1", 0, null)]
    [InlineData("0.1", "0.10000001", 0, "$ is 0.10000001, expected 0.1")]
    [InlineData("-0.0", "0.0", 0, null)]
    [InlineData("\"NaN\"", "\"NaN\"", 0, null)]
    [InlineData("\"NaN\"", "1", 0.001, "$ is 1, expected \"NaN\"")]
    [InlineData("1", "\"NaN\"", 0.001, "$ is \"NaN\", expected 1")]
    [InlineData("\"Infinity\"", "\"Infinity\"", 0.001, null)]
    [InlineData("\"Infinity\"", "\"-Infinity\"", 0.001, "$ is \"-Infinity\", expected \"Infinity\"")]
    [InlineData("\"Infinity\"", "1e308", 0.001, "$ is 1e308, expected \"Infinity\"")]
    [InlineData("1", "\"Infinity\"", 0.001, "$ is \"Infinity\", expected 1")]
    [InlineData("true", "false", 1, "$ is false, expected true")]
    [InlineData("null", "0", 1, "$ is 0, expected null")]
    [InlineData("\"a\"", "\"A\"", 1, "$ is \"A\", expected \"a\"")]
    [InlineData("[1,2]", "[1]", 1, "$ has 1 elements, expected 2")]
    [InlineData("[1,[2,3]]", "[1,[2,5]]", 0.1, "$[1][1] is 5, expected 3")]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":2}", 0, null)]
    [InlineData("{\"a\":1,\"b\":2}", "{\"a\":1}", 0, "$.b is missing")]
    [InlineData("{\"a\":{\"b\":[1]}}", "{\"a\":{\"b\":[9]}}", 0.1, "$.a.b[0] is 9, expected 1")]
    public void The_first_difference_is_named(string expected, string actual, double tolerance, string? difference) =>
        new GoldenRow(Json("{}"), Json(expected), tolerance).Difference(Json(actual)).Should().Be(difference);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_tolerance_that_would_let_everything_or_nothing_pass_is_refused(double tolerance)
    {
        var add = () => new ModelPackageBuilder("own").AddGoldenRows([new(Json("1"), Json("1"), tolerance)]);

        add.Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData("{\"input\":1,\"expected\":2}")]
    [InlineData("[1]")]
    [InlineData("{\"input\":")]
    public void A_line_that_is_no_golden_row_is_refused(string line)
    {
        var read = () => GoldenRow.ReadLines(System.Text.Encoding.UTF8.GetBytes(line));

        read.Should().Throw<JsonException>();
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
