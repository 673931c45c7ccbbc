using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

[Experimental("MLOPS001")]
public sealed class CheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DuckDbDataEngine engine = new(new DuckDbOptions { Threads = 2 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_check_counts_rows_and_reasons()
    {
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 5000);

        var result = await engine.CheckAsync(DataSource.Parquet(folder.File("f.parquet")), Flight.Contract, cancellationToken: Token);

        result.Rows.Should().Be(5000);
        result.Quarantined.Should().Be(7);
        result.Reasons.Should().BeEquivalentTo(new Dictionary<string, long> { ["delay.presence"] = 5, ["delay.range"] = 1, ["origin differs from destination"] = 1 });
        result.ContractDigest.Should().Be(Flight.Contract.Digest);
        result.ValidFile.Should().BeNull();
        Directory.GetFiles(folder.Path).Should().ContainSingle();
    }

    [Fact]
    public async Task Valid_and_broken_rows_keep_the_order_of_the_input_and_their_numbers()
    {
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 5000);

        var result = await engine.CheckAsync(DataSource.Parquet(folder.File("f.parquet")), Flight.Contract, Both("parquet"), Token);

        DuckDbFiles.Query($"SELECT _row, array_to_string(_reasons, ';'), delay FROM '{folder.File("broken.parquet")}'").Should()
            .Equal("3|delay.range|9999", "5|origin differs from destination|5", "1000|delay.presence|null", "2000|delay.presence|null", "3000|delay.presence|null", "4000|delay.presence|null", "5000|delay.presence|null");
        DuckDbFiles.Query($"SELECT count(*), bool_and(ordered) FROM (SELECT date > lag(date, 1, date - INTERVAL 1 DAY) OVER () AS ordered FROM '{folder.File("valid.parquet")}')").Should().Equal("4993|True");
        DuckDbFiles.Query($"SELECT DISTINCT compression FROM parquet_metadata('{folder.File("valid.parquet")}')").Should().Equal("ZSTD");
        (await DataSource.Parquet(folder.File("valid.parquet")).DigestAsync(Token)).Should().Be(result.ValidFile!.Digest);
    }

    [Fact]
    public async Task Equal_input_gives_equal_bytes()
    {
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 600_000);
        var digests = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var result = await engine.CheckAsync(DataSource.Parquet(folder.File("f.parquet")), Flight.Contract, Both("parquet"), Token);
            digests.Add($"{result.ValidFile!.Digest} {result.QuarantineFile!.Digest}");
        }

        digests.Should().ContainSingle();
    }

    [Fact]
    public async Task Text_that_is_not_of_the_type_is_quarantined_as_it_was()
    {
        await File.WriteAllTextAsync(
            folder.File("f.csv"),
            "date,delay,distance,origin,destination,note\n2001-01-01 10:00,5,100,ORD,LAX,fine\nyesterday,1.5,1e3,ORD,LAX,\"a, \"\"b\"\"\"\n2001-02-30,9999999999,1_000,ORD,LAX,\n2001-01-01T00:00:00Z,,7,ord,\"\",x\n",
            Token);

        var result = await engine.CheckAsync(DataSource.Csv(folder.File("f.csv")), Flight.Contract, Both("csv"), Token);

        result.Reasons.Should().BeEquivalentTo(new Dictionary<string, long>
        {
            ["date.type"] = 2, ["delay.type"] = 2, ["distance.type"] = 2, ["delay.presence"] = 1, ["origin.pattern"] = 1, ["destination.length"] = 1, ["destination.pattern"] = 1,
        });
        (await File.ReadAllLinesAsync(folder.File("broken.csv"), Token)).Should().Equal(
            "date,delay,distance,origin,destination,note,_row,_reasons",
            "yesterday,1.5,1e3,ORD,LAX,\"a, \"\"b\"\"\",2,date.type;delay.type;distance.type",
            "2001-02-30,9999999999,1_000,ORD,LAX,,3,date.type;delay.type;distance.type",
            "2001-01-01T00:00:00Z,,7,ord,\"\",x,4,delay.presence;destination.length;destination.pattern;origin.pattern");
        DuckDbFiles.Query($"SELECT typeof(date), typeof(delay), distance, note FROM '{folder.File("valid.parquet")}'").Should().Equal("TIMESTAMP|INTEGER|100|fine");
    }

    [Fact]
    public async Task Several_files_are_one_data_set_in_the_order_of_their_names()
    {
        DuckDbFiles.WriteFlights(folder.File("b.parquet"), 10);
        DuckDbFiles.WriteFlights(folder.File("a.parquet"), 4);

        var result = await engine.CheckAsync(DataSource.Parquet(folder.File("?.parquet")), Flight.Contract, new QuarantineOptions { QuarantinePath = folder.File("broken.csv") }, Token);

        result.Rows.Should().Be(14);
        DuckDbFiles.Query($"SELECT _row FROM '{folder.File("broken.csv")}'").Should().Equal("3", "7", "9");
    }

    [Fact]
    public async Task Integers_of_a_wider_file_break_the_type_where_they_do_not_fit()
    {
        DuckDbFiles.Write(folder.File("f.parquet"), "SELECT TIMESTAMP '2001-01-01' AS date, d::BIGINT AS delay, 1 AS distance, 'ORD' AS origin, 'LAX' AS destination FROM (VALUES (1), (3000000000)) v(d)");

        var result = await engine.CheckAsync(DataSource.Parquet(folder.File("f.parquet")), Flight.Contract, cancellationToken: Token);

        result.Reasons.Should().BeEquivalentTo(new Dictionary<string, long> { ["delay.type"] = 1 });
    }

    [Fact]
    public async Task Times_outside_of_the_calendar_of_the_record_break_the_type()
    {
        DuckDbFiles.Write(folder.File("f.parquet"), "SELECT d AS date, 1 AS delay, 1 AS distance, 'ORD' AS origin, 'LAX' AS destination FROM (VALUES (TIMESTAMP 'infinity'), (TIMESTAMP '-infinity'), (TIMESTAMP '10000-01-01'), (TIMESTAMP '9999-12-31 23:59:59.999999'), (TIMESTAMP '0001-01-01')) v(d)");

        var result = await engine.CheckAsync(DataSource.Parquet(folder.File("f.parquet")), Flight.Contract, cancellationToken: Token);

        result.Reasons.Should().BeEquivalentTo(new Dictionary<string, long> { ["date.type"] = 3 });
    }

    [Fact]
    public async Task A_contract_that_was_read_back_checks_without_the_record()
    {
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 100);
        var contract = DataContract.Parse(Flight.Contract.ToJson());

        var result = await engine.CheckAsync(DataSource.Parquet(folder.File("f.parquet")), contract, cancellationToken: Token);

        contract.Digest.Should().Be(Flight.Contract.Digest);
        result.Quarantined.Should().Be(2);
    }

    [Fact]
    public async Task A_host_binds_the_engine_from_its_configuration()
    {
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 10);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Mlops:DuckDb:MemoryLimit", "64MB"), new("Mlops:DuckDb:Threads", "1")]).Build();
        var services = new ServiceCollection();
        services.AddMlops(configuration.GetSection("Mlops")).UseDuckDb(o => o.Threads += 1);
        await using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<DuckDbOptions>>().Value.Should().BeEquivalentTo(new DuckDbOptions { MemoryLimit = "64MB", Threads = 2 });
        (await provider.GetRequiredService<IDataEngine>().DescribeAsync(DataSource.Parquet(folder.File("f.parquet")), Token)).Columns.Select(c => c.Name).Should().Equal("date", "delay", "distance", "origin", "destination");
    }

    private QuarantineOptions Both(string format) => new() { ValidPath = folder.File("valid.parquet"), QuarantinePath = folder.File($"broken.{format}") };
}
