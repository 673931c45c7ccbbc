using System.Diagnostics;
using Mlops.Sdk.TestServers;

namespace Mlops.Sdk.Sqlite.Tests.Hosting;

/// <summary>Publishes a host ahead of time and runs it: Abstractions, Sdk, Sqlite and PostgreSql promise that this works, without a warning.</summary>
public sealed class AheadOfTimeTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-aot-");

    [Fact]
    public async Task A_host_compiled_ahead_of_time_runs_a_pipeline_tracks_and_registers()
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux() || !Directory.GetFiles("/usr/bin", "gcc").Concat(Directory.GetFiles("/usr/bin", "clang")).Any(), "No C toolchain, which compiling ahead of time links with.");
        var project = Path.Combine(Root(), "tests", "Mlops.Sdk.AotApp");
        var output = Path.Combine(folder.FullName, "app");

        var (published, log) = await RunAsync("dotnet", "publish", project, "-c", "Release", "--use-current-runtime", "-o", output, "-v", "quiet", "-nologo");
        published.Should().Be(0, log);
        log.Should().NotContain("warning");
        var (code, line) = await RunAsync(Path.Combine(output, "Mlops.Sdk.AotApp"), Path.Combine(folder.FullName, "home"));

        code.Should().Be(0, line);
        line.Trim().Should().Be("total 6, executed 4, cached 4, version 1");

        await using var server = new PostgreSqlServer();
        await server.InitializeAsync();
        (code, line) = await RunAsync(Path.Combine(output, "Mlops.Sdk.AotApp"), Path.Combine(folder.FullName, "home"), server.ConnectionString);

        code.Should().Be(0, line);
        line.Trim().Should().Be("total 6, executed 4, cached 4, version 1");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Mlops.Sdk.sln")))
        {
            at = at.Parent ?? throw new InvalidOperationException("Mlops.Sdk.sln is not above the test.");
        }

        return at.FullName;
    }

    private static async Task<(int Code, string Output)> RunAsync(string file, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(file, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
