using DuckDB.NET.Data;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

public sealed class LockedSessionTests
{
    [Theory]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM glob('/etc/*')")]
    [InlineData("COPY (SELECT 1) TO '{0}/other.parquet'")]
    [InlineData("ATTACH '{0}/other.db'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("SET memory_limit='100GB'")]
    [InlineData("SET enable_external_access=true")]
    [InlineData("SET allowed_paths=['/etc/passwd']")]
    public async Task A_session_reaches_the_named_files_only(string sql)
    {
        using var folder = new TemporaryFolder();
        DuckDbFiles.WriteFlights(folder.File("f.parquet"), 3);
        string[] named = [folder.File("f.parquet"), folder.File("out.parquet")];

        var reach = () => DuckDbSession.RunAsync(new DuckDbOptions(), 1, named, s => s.Query(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, folder.Path)), TestContext.Current.CancellationToken);
        var copy = await DuckDbSession.RunAsync(new DuckDbOptions(), 1, named, s => s.Execute($"COPY (FROM '{named[0]}') TO '{named[1]}' (FORMAT parquet, USE_TMP_FILE false)"), TestContext.Current.CancellationToken);

        await reach.Should().ThrowAsync<DuckDBException>();
        copy.Should().Be(3);
        Directory.GetFiles(folder.Path).Should().HaveCount(2);
    }
}
