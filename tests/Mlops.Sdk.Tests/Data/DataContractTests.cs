using System.Globalization;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.Tests.Data;

public sealed class DataContractTests
{
    private static readonly DataContract<Trip> Contract = DataContract.For<Trip>(c => c.Require("b", t => t.Origin != t.Target).Require("a", t => t.A + 1 < t.B));

    [Fact]
    public void A_contract_survives_its_JSON()
    {
        var read = DataContract.Parse(Contract.ToJson());

        read.ToJson().Should().Be(Contract.ToJson());
        read.Digest.Should().Be(Contract.Digest).And.Be(Digest.Of(System.Text.Encoding.UTF8.GetBytes(Contract.ToJson())));
        read.Checks.Should().BeEquivalentTo(Contract.Checks, o => o.WithStrictOrdering());
    }

    // The stored form: it never changes, or digests of old model packages would mean nothing.
    [Fact]
    public void The_JSON_is_frozen()
    {
        var contract = new DataContract("c", [new() { Name = "n", Type = ColumnType.Number, Minimum = "-0", Maximum = "1e3" }, new() { Name = "b", Type = ColumnType.Boolean, Required = true }], [new("r", RuleNode.Of("isNull", RuleNode.Column("b")))]);

        contract.ToJson().Should().Be("""{"format":1,"name":"c","columns":[{"name":"b","type":"Boolean","required":true},{"name":"n","type":"Number","minimum":"0","maximum":"1000"}],"rules":[{"name":"r","condition":{"op":"isNull","args":[{"op":"column","value":"b"}]}}]}""");
    }

    [Fact]
    public void The_digest_depends_neither_on_order_nor_on_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            DataContract.For<Trip>(c => c.Require("a", t => t.A + 1 < t.B).Require("b", t => t.Origin != t.Target)).Digest.Should().Be(Contract.Digest);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Any_other_rule_gives_another_digest()
    {
        DataContract[] others =
        [
            DataContract.For<Trip>(), DataContract.For<Trip>(c => c.Require("b", t => t.Origin != t.Target).Require("a", t => t.A + 2 < t.B)),
            DataContract.For<Trip>(c => c.Require("b", t => t.Origin != t.Target).Require("a", t => t.A + 1 < t.B).Column("delay", d => d with { Maximum = "2001" })),
            DataContract.For<Trip>(c => c.Require("b", t => t.Origin != t.Target).Require("a", t => t.A + 1 < t.B).Column("X", d => d with { NonFinite = NonFinitePolicy.Reject })),
        ];

        others.Select(o => o.Digest).Append(Contract.Digest).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("""{"format":2,"name":"c","columns":[{"name":"b","type":"Text"}]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text"}],"extra":1}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text","minimum":"1"}]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Whole32","maximum":"3000000000"}]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text","pattern":"(?i)a"}]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text"},{"name":"B","type":"Text"}]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text"}],"rules":[{"name":"r","condition":{"op":"column","value":"x"}}]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text"}],"rules":[{"name":"r","condition":{"op":"exec","value":"x"}}]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text"}],"rules":[{"name":"b.type","condition":{"op":"isNull","args":[{"op":"column","value":"b"}]}}]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[null]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text"}],"rules":[null]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text"}],"rules":[{"name":"r"}]}""")]
    [InlineData("""{"format":1,"name":"c","columns":[{"name":"b","type":"Text"}],"rules":[{"name":"r","condition":{"op":"not","args":[null]}}]}""")]
    public void A_text_that_is_no_contract_is_refused(string json)
    {
        var read = () => DataContract.Parse(json);

        read.Should().Throw<CorruptedException>();
    }

    [Fact]
    public void A_newer_format_says_so_whatever_else_it_has()
    {
        var read = () => DataContract.Parse("""{"format":2,"name":"c","columns":[{"name":"b","type":"Uuid"}],"news":1}""");

        read.Should().Throw<CorruptedException>().WithMessage("*format 2*Update Mlops.Sdk.");
    }

    [Fact]
    public void A_condition_as_deep_as_the_language_allows_survives_its_JSON()
    {
        var sum = Enumerable.Repeat(RuleNode.Literal(ColumnType.Whole64, 1L), 97).Aggregate(RuleNode.Column("a"), (node, one) => RuleNode.Of("add", node, one));
        var contract = new DataContract("deep", [new() { Name = "a", Type = ColumnType.Whole64 }], [new("r", RuleNode.Of("gt", sum, RuleNode.Literal(ColumnType.Whole64, 1L)))]);

        DataContract.Parse(contract.ToJson()).Digest.Should().Be(contract.Digest);
    }

    [Fact]
    public void A_property_that_no_column_can_hold_is_named()
    {
        var make = () => DataContract.For<WithDecimal>();

        make.Should().Throw<ArgumentException>().WithMessage("*WithDecimal.Price*Decimal*NotInContract*");
    }

    [Fact]
    public void A_literal_that_does_not_fit_its_column_is_named()
    {
        var make = () => DataContract.For<WithBadRange>();

        make.Should().Throw<ArgumentException>().WithMessage("*WithBadRange.Size*0.5*Whole32*");
    }

    [Fact]
    public async Task A_data_set_is_named_by_the_bytes_of_its_files()
    {
        var folder = Directory.CreateTempSubdirectory("mlops-data-");
        try
        {
            var (a, b) = (Path.Combine(folder.FullName, "a.csv"), Path.Combine(folder.FullName, "b.csv"));
            await File.WriteAllTextAsync(a, "x", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(b, "y", TestContext.Current.CancellationToken);

            (await DataSource.Csv(a).DigestAsync(TestContext.Current.CancellationToken)).Should().Be(Digest.Of("x"u8));
            var both = await DataSource.Csv(Path.Combine(folder.FullName, "*.csv")).DigestAsync(TestContext.Current.CancellationToken);
            both.Should().Be(await DataSource.Csv(a, b).DigestAsync(TestContext.Current.CancellationToken)).And.NotBe(await DataSource.Csv(b, a).DigestAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed record WithDecimal(decimal Price);

    private sealed record WithBadRange
    {
        [Range(0.5, 1.5)] public int Size { get; init; }
    }
}
