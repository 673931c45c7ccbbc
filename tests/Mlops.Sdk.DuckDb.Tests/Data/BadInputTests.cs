using System.Diagnostics.CodeAnalysis;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

/// <summary>Each bad input is one error that names the file and the remedy, and leaves no file behind.</summary>
[Experimental("MLOPS001")]
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DuckDbDataEngine engine = new(new DuckDbOptions { Threads = 1 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public async Task A_truncated_Parquet_file(double part)
    {
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 1000);
        var bytes = await File.ReadAllBytesAsync(folder.File("f.parquet"), Token);
        await File.WriteAllBytesAsync(folder.File("f.parquet"), bytes[..(int)(bytes.Length * part)], Token);

        await Fails<CorruptedException>(DataSource.Parquet(folder.File("f.parquet")), $"The file '{folder.File("f.parquet")}' is not a whole Parquet file*Copy it or make it again.");
    }

    [Fact]
    public async Task A_Parquet_file_with_damaged_pages()
    {
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 100_000);
        await using (var file = File.OpenWrite(folder.File("f.parquet")))
        {
            file.Position = 10;
            file.Write(Enumerable.Repeat((byte)0xFF, 60_000).ToArray());
        }

        await Fails<CorruptedException>(DataSource.Parquet(folder.File("f.parquet")), $"The file '{folder.File("f.parquet")}' is not a whole Parquet file*");
    }

    [Fact]
    public async Task A_column_of_another_type()
    {
        DuckDbFiles.Write(folder.File("f.parquet"), "SELECT TIMESTAMP '2001-01-01' AS date, 'late' AS delay, 1 AS distance, 'ORD' AS origin, 'LAX' AS destination");

        await Fails<MlopsException>(DataSource.Parquet(folder.File("f.parquet")), $"The column 'delay' of '{folder.File("f.parquet")}' has the type VARCHAR, but the contract 'flights' says Whole32. Correct*");
    }

    [Fact]
    public async Task A_contract_that_names_an_unknown_column()
    {
        DuckDbFiles.Write(folder.File("f.parquet"), "SELECT TIMESTAMP '2001-01-01' AS date, 1 AS Delay, 1 AS distance");

        await Fails<MlopsException>(DataSource.Parquet(folder.File("f.parquet")), $"The contract 'flights' names the column 'delay', which '{folder.File("f.parquet")}' does not have. Its columns are date, Delay, distance. Correct*");
    }

    [Fact]
    public async Task A_missing_file() => await Fails<NotFoundException>(DataSource.Parquet(folder.File("none.parquet")), $"The data file '{folder.File("none.parquet")}' does not exist. Check*");

    [Fact]
    public async Task A_CSV_row_with_too_many_fields()
    {
        await File.WriteAllTextAsync(folder.File("f.csv"), "date,delay,distance,origin,destination\n2001-01-01,1,1,ORD,LAX\n2001-01-01,1,1,ORD,LAX,secret\n", Token);

        await Fails<CorruptedException>(DataSource.Csv(folder.File("f.csv")), $"The file '{folder.File("f.csv")}' is not a CSV file as its header says*Line: 3*Repair*", "secret");
    }

    [Fact]
    public async Task A_CSV_file_without_a_header()
    {
        await File.WriteAllTextAsync(folder.File("f.csv"), "", Token);

        await Fails<CorruptedException>(DataSource.Csv(folder.File("f.csv")), $"The file '{folder.File("f.csv")}' is not a CSV file with a header*Write*");
    }

    [Fact]
    public async Task A_file_with_a_column_that_the_quarantine_needs()
    {
        DuckDbFiles.Write(folder.File("f.parquet"), "SELECT TIMESTAMP '2001-01-01' AS date, 1 AS delay, 1 AS distance, 'ORD' AS origin, 'LAX' AS destination, 1 AS _row");

        await Fails<MlopsException>(DataSource.Parquet(folder.File("f.parquet")), "*has a column '_row'*Rename it.");
    }

    [Fact]
    public async Task Too_little_memory()
    {
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 300_000);
        var small = new DuckDbDataEngine(new DuckDbOptions { Threads = 1, MemoryLimit = "1MB" });

        var check = () => small.CheckAsync(DataSource.Parquet(folder.File("f.parquet")), Flight.Contract, Output(), Token);

        (await check.Should().ThrowAsync<MlopsException>()).WithMessage("*needs more memory than 1MB. Raise Mlops:DuckDb:MemoryLimit*");
        Leftovers().Should().BeEmpty();
    }

    [Fact]
    public async Task Cancelling_interrupts_the_scan_and_leaves_nothing()
    {
        // A cross-column rule over a file of many rows takes seconds; the check is cancelled while it runs.
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 3_000_000);
        await File.WriteAllTextAsync(folder.File("valid.parquet"), "old", Token);
        var slow = DataContract.For<Flight>(c => c.Require("slow", f => Math.Abs(f.Distance * f.Distance % 7 - f.Distance % 5) * f.Distance / 3 < 1_000_000_000));
        using var stop = new CancellationTokenSource();
        var running = engine.CheckAsync(DataSource.Parquet([.. Enumerable.Repeat(folder.File("f.parquet"), 40)]), slow, Output(), stop.Token);

        stop.CancelAfter(TimeSpan.FromMilliseconds(200));
        var check = () => running.WaitAsync(TimeSpan.FromSeconds(10), Token);

        await check.Should().ThrowAsync<OperationCanceledException>();
        (await File.ReadAllTextAsync(folder.File("valid.parquet"), Token)).Should().Be("old");
        Leftovers().Should().ContainSingle();
    }

    [Fact]
    public async Task No_setting_and_no_other_file_can_be_reached_through_names_and_values()
    {
        await File.WriteAllTextAsync(folder.File("it's [1] 'o' -- .csv"), "\"a\"\"; DROP\",b'\n1,2\n", Token);

        var schema = await engine.DescribeAsync(DataSource.Csv(folder.File("it's [1] 'o' -- .csv")), Token);

        schema.Columns.Select(c => c.Name).Should().Equal("a\"; DROP", "b'");
        schema.Rows.Should().Be(1);
    }

    private QuarantineOptions Output() => new() { ValidPath = folder.File("valid.parquet"), QuarantinePath = folder.File("broken.parquet") };

    private IEnumerable<string> Leftovers() => Directory.GetFiles(folder.Path, "*", new EnumerationOptions { AttributesToSkip = 0 }).Select(f => Path.GetFileName(f)).Where(f => f is not ("f.parquet" or "f.csv"));

    private async Task Fails<TException>(DataSource source, string message, string? secret = null)
        where TException : MlopsException
    {
        var check = () => engine.CheckAsync(source, Flight.Contract, Output(), Token);

        var error = (await check.Should().ThrowAsync<TException>()).WithMessage(message).Which;
        error.Message.Should().NotContain("\n");
        if (secret is not null)
        {
            error.Message.Should().NotContain(secret);
        }

        Leftovers().Should().BeEmpty();
    }
}
