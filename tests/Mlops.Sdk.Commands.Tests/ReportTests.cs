namespace Mlops.Sdk.Commands.Tests;

public sealed class ReportTests
{
    private const string Id = "01985f3a7c1e7b64a1d2c3e4f5a6b7c8";

    [Theory]
    [InlineData(60, "run", "state")]
    [InlineData(80, "run", "name", "state")]
    [InlineData(120, "run", "name", "state", "tags")]
    public void A_table_leaves_out_what_does_not_fit_and_never_cuts_the_first_column(int width, params string[] expected)
    {
        var report = new Report("run", "name", "state", "tags") { Droppable = ["tags", "name"] };
        report.Add(Id, "a name of some length", "Finished", "team=alpha, season=winter");
        using var output = new StringWriter();

        report.Write(output, OutputFormat.Table, width);

        var lines = output.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd()).ToList();
        lines.Should().OnlyContain(line => line.Length <= width);
        lines[1].Split('│', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Should().Equal(expected);
        lines.Should().Contain(line => line.Contains(Id));
    }

    [Fact]
    public void A_table_leaves_out_what_is_empty_in_every_row_and_wraps_sentences()
    {
        var report = new Report("rule", "state", "owner") { Droppable = ["owner"] };
        report.Add(string.Join(" ", Enumerable.Repeat("words", 20)), "ok", null);
        using var output = new StringWriter();

        report.Write(output, OutputFormat.Table, 60);

        output.ToString().Should().Contain("state").And.NotContain("owner").And.NotContain("…");
    }

    [Fact]
    public void Markdown_and_JSON_have_every_column()
    {
        var report = new Report("run", "tags") { Droppable = ["tags"] };
        report.Add(Id, new string('x', 500));
        using StringWriter markdown = new(), json = new();

        report.Write(markdown, OutputFormat.Md);
        report.Write(json, OutputFormat.Json);

        markdown.ToString().Should().Contain(new string('x', 500));
        json.ToString().Should().Contain(new string('x', 500));
    }

    [Fact]
    public void Numbers_and_texts_by_name_are_objects_in_JSON_and_counted_in_tables_when_they_are_many()
    {
        var report = new Report("metrics");
        report.Add(Enumerable.Range(0, 9).ToDictionary(i => $"m{i}", i => i == 0 ? double.NaN : i / 4.0));
        using StringWriter table = new(), json = new();

        report.Write(table, OutputFormat.Table);
        report.Write(json, OutputFormat.Json);

        table.ToString().Should().Contain("m0=NaN, m1=0.25").And.Contain("and 3 more");
        using var document = System.Text.Json.JsonDocument.Parse(json.ToString());
        document.RootElement[0].GetProperty("metrics").GetProperty("m8").GetDouble().Should().Be(2);
        document.RootElement[0].GetProperty("metrics").GetProperty("m0").GetString().Should().Be("NaN");
    }
}
