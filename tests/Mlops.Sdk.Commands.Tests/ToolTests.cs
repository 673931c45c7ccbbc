using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk.Commands.Tests.Stores;
using Mlops.Sdk.TestServers;

namespace Mlops.Sdk.Commands.Tests;

/// <summary>The tool as a process of its own.</summary>
public sealed class ToolTests(PostgreSqlServer server) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-tool-");

    [Fact]
    public async Task Without_a_store_the_tool_says_where_it_looked_and_what_to_do()
    {
        var (code, output, error) = await RunAsync("models", "list");

        code.Should().Be(1);
        output.Should().BeEmpty();
        error.Should().Contain(Path.Combine(folder.FullName, ".mlops", "mlops.db")).And.Contain("--store").And.Contain("--project");
        Directory.Exists(Path.Combine(folder.FullName, ".mlops")).Should().BeFalse("looking must not create anything");
    }

    [Fact]
    public async Task The_tool_reads_the_stores_of_a_host_that_used_the_defaults()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = folder.FullName });
        builder.Services.AddMlops().UseSqlite(o => o.Path = Path.Combine(folder.FullName, ".mlops", "mlops.db")).UseFileArtifacts(o => o.Root = Path.Combine(folder.FullName, ".mlops", "artifacts"));
        using (var host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        var (code, output, error) = await RunAsync("doctor", "--format", "json");
        var (relative, _, _) = await RunAsync("models", "list", "--store", Path.Combine(".mlops", "mlops.db"));

        relative.Should().Be(0);
        Directory.GetFiles(AppContext.BaseDirectory, "mlops.db", SearchOption.AllDirectories).Should().BeEmpty("a relative path is meant from where the tool was called");

        error.Should().BeEmpty();
        code.Should().Be(0);
        output.Should().Contain("sqlite, schema ");
    }

    [Fact]
    public async Task A_relative_store_is_the_file_in_the_working_directory()
    {
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "garbage.db"), Enumerable.Repeat((byte)7, 5000).ToArray(), TestContext.Current.CancellationToken);

        var (code, output, error) = await RunAsync("runs", "list", "--store", "garbage.db");

        code.Should().Be(1);
        output.Should().BeEmpty();
        error.Trim().Should().Contain(Path.Combine(folder.FullName, "garbage.db")).And.NotContain("\n").And.NotContain("   at ");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("runs", "list", "--help")]
    public async Task Help_needs_no_store(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        code.Should().Be(0);
        output.Should().Contain("--format");
        output.Contains("--store STORE", StringComparison.Ordinal).Should().Be(args.Length == 1);
        error.Should().BeEmpty();
    }

    [Theory]
    [InlineData("--project")]
    [InlineData("runs", "list", "--store")]
    [InlineData("--store", "", "runs", "list")]
    [InlineData("--artifacts", "--format", "json", "runs", "list")]
    public async Task An_option_without_its_value_is_named(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        code.Should().Be(1);
        output.Should().BeEmpty();
        error.Trim().Should().MatchRegex("^--[a-z]+ needs a value\\. Write it behind the option.*$").And.NotContain("\n");
    }

    [Fact]
    public async Task The_tool_works_on_PostgreSQL_and_never_prints_the_password()
    {
        const string Password = "only for tests";
        using var bench = new StoreBench(server);
        var store = bench.NewSchema();
        var ids = await bench.FillAsync(store);

        var (code, output, error) = await RunAsync("runs", "list", "--store", store, "--format", "json");
        var doctor = await RunAsync("doctor", "--store", store);
        var wrong = await RunAsync("doctor", "--verbose", "--store", store.Replace(Password, "hunter2", StringComparison.Ordinal));
        var stray = await RunAsync("runs", "list", store, "--store", store);
        var missing = await RunAsync("models", "list", "--store", bench.NewSchema());

        code.Should().Be(0, error);
        output.Should().Contain(ids[1]);
        doctor.Output.Should().Contain("postgresql, schema 1");
        wrong.Code.Should().Be(2);
        wrong.Output.Should().Contain("password authentication failed");
        stray.Should().Match<(int Code, string Output, string Error)>(r => r.Code == 1 && r.Error.Contains("stands where none is expected"));
        missing.Should().Match<(int Code, string Output, string Error)>(r => r.Code == 1 && r.Error.Contains("tables are missing"));
        string.Concat(output, error, doctor, wrong, stray, missing).Should().NotContain(Password).And.NotContain("hunter2");
    }

    [Fact]
    public async Task Garbage_is_not_collected_without_the_folder_of_artifacts()
    {
        using var bench = new StoreBench(server);
        await bench.FillAsync(bench.File("mlops.db"));

        var (code, _, error) = await RunAsync("gc", "--store", bench.File("mlops.db"), "--artifacts", "nowhere");

        code.Should().Be(1);
        error.Trim().Should().Contain(Path.Combine(folder.FullName, "nowhere")).And.Contain("--artifacts").And.NotContain("\n");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Mlops.Sdk.Cli.dll"), .. args])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
