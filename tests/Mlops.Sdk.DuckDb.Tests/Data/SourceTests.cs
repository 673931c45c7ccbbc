using System.Diagnostics.CodeAnalysis;
using System.Text;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

/// <summary>Exactly the named files are read, and their values are what is checked.</summary>
[Experimental("MLOPS001")]
public sealed class SourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DuckDbDataEngine engine = new(new DuckDbOptions { Threads = 1 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("d[1]", "d1")]
    [InlineData("d*d", "dxd")]
    [InlineData("d?d", "dxd")]
    public async Task A_file_whose_name_looks_like_a_pattern_is_read_itself(string name, string other)
    {
        var (parquet, csv) = (folder.File(name + ".parquet"), folder.File(name + ".csv"));
        DuckDbFiles.Write(folder.File(other + ".parquet"), "SELECT 5 AS v");
        DuckDbFiles.Write(folder.File("small.parquet"), "SELECT 1 AS v");
        File.Move(folder.File("small.parquet"), parquet);
        await File.WriteAllTextAsync(folder.File(other + ".csv"), "v\n5\n", Token);
        await File.WriteAllTextAsync(csv, "v\n1\n", Token);

        (await CheckAsync(DataSource.Parquet(parquet), Whole(1))).Valid.Should().Be(1);
        (await CheckAsync(DataSource.Csv(csv), Whole(1))).Valid.Should().Be(1);
        (await CheckAsync(DataSource.Parquet(parquet, folder.File(other + ".parquet")), Whole(1))).Should().BeEquivalentTo(new { Rows = 2, Valid = 1 });
    }

    [Fact]
    public async Task The_name_of_a_folder_is_no_column()
    {
        Directory.CreateDirectory(folder.File("v=9"));
        DuckDbFiles.Write(folder.File("v=9/f.parquet"), "SELECT 1 AS v");
        await File.WriteAllTextAsync(folder.File("v=9/f.csv"), "w\n1\n", Token);

        (await CheckAsync(DataSource.Parquet(folder.File("v=9/f.parquet")), Whole(1))).Valid.Should().Be(1);
        (await engine.DescribeAsync(DataSource.Csv(folder.File("v=9/f.csv")), Token)).Columns.Select(c => c.Name).Should().Equal("w");
    }

    [Theory]
    [InlineData("SELECT 1.4::DOUBLE AS v, 'b' AS t", "*'v' (INTEGER) and 'v' (DOUBLE)*one schema.")]
    [InlineData("SELECT 1 AS v", "*: 't' (VARCHAR) and 'v' (INTEGER)*one schema.")]
    [InlineData("SELECT 1 AS v, 'b' AS t, 2 AS w", "*2 and 3*one schema.")]
    public async Task Files_of_different_columns_are_refused_instead_of_rounded(string second, string message)
    {
        DuckDbFiles.Write(folder.File("1.parquet"), "SELECT 1 AS v, 'a' AS t");
        DuckDbFiles.Write(folder.File("2.parquet"), second);

        var check = () => CheckAsync(DataSource.Parquet(folder.File("*.parquet")), Whole(1));

        (await check.Should().ThrowAsync<MlopsException>()).WithMessage(message).WithMessage($"*{folder.File("2.parquet")}*");
    }

    [Fact]
    public async Task Files_may_have_their_columns_in_another_order()
    {
        DuckDbFiles.Write(folder.File("1.parquet"), "SELECT 1 AS v, 'a' AS t");
        DuckDbFiles.Write(folder.File("2.parquet"), "SELECT 'b' AS t, 2 AS v");

        (await CheckAsync(DataSource.Parquet(folder.File("*.parquet")), Whole(1))).Should().BeEquivalentTo(new { Rows = 2, Valid = 1 });
    }

    [Fact]
    public async Task Nanoseconds_are_cut_off_towards_the_past_also_before_1970()
    {
        DuckDbFiles.Write(folder.File("f.parquet"), "SELECT v FROM (VALUES ('1969-12-31 23:59:59.999999999'::TIMESTAMP_NS), ('1969-12-31 23:59:59.999999'), ('1970-01-01'), ('2001-01-01 00:00:00.000000999'), ('2001-01-01 00:00:00.000001'), (NULL)) t(v)");
        var contract = new DataContract("c", [new() { Name = "v", Type = ColumnType.Timestamp, Minimum = "1970-01-01", Maximum = "2001-01-01" }]);

        var result = await engine.CheckAsync(DataSource.Parquet(folder.File("f.parquet")), contract, new() { QuarantinePath = folder.File("broken.parquet") }, Token);

        result.Valid.Should().Be(3);
        DuckDbFiles.Query($"SELECT _row FROM '{folder.File("broken.parquet")}'").Should().Equal("1", "2", "5");
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    public async Task A_CSV_file_that_is_not_UTF8_is_named(string encoding)
    {
        await File.WriteAllTextAsync(folder.File("f.csv"), "v\n\u00e9\n", Encoding.GetEncoding(encoding), Token);

        var check = () => CheckAsync(DataSource.Csv(folder.File("f.csv")), Whole(1));

        (await check.Should().ThrowAsync<CorruptedException>()).WithMessage($"The file '{folder.File("f.csv")}' is not UTF-8 text. Save it as UTF-8.");
    }

    [Fact]
    public async Task A_line_that_is_too_long_says_so_and_is_not_quoted()
    {
        await File.WriteAllTextAsync(folder.File("f.csv"), "v\n" + new string('x', 3_000_000) + "\n", Token);

        var check = () => CheckAsync(DataSource.Csv(folder.File("f.csv")), Whole(1));

        (await check.Should().ThrowAsync<CorruptedException>()).WithMessage("*Line: 2*Maximum line size*").Which.Message.Should().NotContain("xxx");
    }

    [Theory]
    [InlineData("lots", 1)]
    [InlineData("80%", 1)]
    [InlineData("", 1)]
    [InlineData("1GB'; SET threads=9; --", 1)]
    [InlineData("1GB", 0)]
    [InlineData("1GB", 1_000_000)]
    public void An_option_that_DuckDB_would_not_take_is_named_before_it_is_used(string memory, int threads)
    {
        var make = () => new DuckDbDataEngine(new DuckDbOptions { MemoryLimit = memory, Threads = threads });

        make.Should().Throw<ArgumentException>().WithMessage("Mlops:DuckDb:*");
    }

    [Theory]
    [InlineData("1.5GB")]
    [InlineData("512 mib")]
    public async Task Sizes_are_written_as_DuckDB_writes_them(string memory)
    {
        DuckDbFiles.Write(folder.File("f.parquet"), "SELECT 1 AS v");

        (await new DuckDbDataEngine(new DuckDbOptions { MemoryLimit = memory }).CheckAsync(DataSource.Parquet(folder.File("f.parquet")), Whole(1), cancellationToken: Token)).Rows.Should().Be(1);
    }

    [Fact]
    public async Task An_output_that_is_a_folder_is_named()
    {
        DuckDbFiles.Write(folder.File("f.parquet"), "SELECT 1 AS v");
        Directory.CreateDirectory(folder.File("out.parquet"));

        var check = () => engine.CheckAsync(DataSource.Parquet(folder.File("f.parquet")), Whole(1), new() { ValidPath = folder.File("out.parquet") }, Token);

        (await check.Should().ThrowAsync<ArgumentException>()).WithMessage($"'{folder.File("out.parquet")}' is a folder*");
        Directory.GetFiles(folder.Path).Should().ContainSingle();
    }

    private static DataContract Whole(int maximum) => new("c", [new() { Name = "v", Type = ColumnType.Whole32, Maximum = $"{maximum}" }]);

    private Task<DataCheckResult> CheckAsync(DataSource source, DataContract contract) => engine.CheckAsync(source, contract, cancellationToken: Token);
}
