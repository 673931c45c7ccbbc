using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Mlops.Sdk.Commands.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly IHost host = Build(services => services.AddMlops().UseInMemory());

    [Fact]
    public async Task Doctor_reports_healthy_stores_and_passes()
    {
        var (code, output, _) = await RunAsync("doctor");

        code.Should().Be(0);
        output.Should().Contain("mlops-metadata").And.Contain("in-memory").And.NotContain("fail");
    }

    [Fact]
    public async Task Doctor_fails_with_code_2_when_no_store_is_registered()
    {
        using var bare = Build(services => services.AddMlops());

        var (code, output, _) = await RunAsync(bare, "doctor");

        code.Should().Be(2);
        output.Should().Contain("UseSqlite");
    }

    [Fact]
    public async Task Json_is_printed_alone()
    {
        var (_, output, _) = await RunAsync("doctor", "--format", "json");

        using var json = JsonDocument.Parse(output);
        json.RootElement.EnumerateArray().Select(row => row.GetProperty("check").GetString()).Should().Contain("mlops-artifacts");
    }

    [Fact]
    public async Task Markdown_is_a_table_without_wrapped_cells()
    {
        var (_, output, _) = await RunAsync("doctor", "--format", "md");

        output.Trim().Split('\n').Should().OnlyContain(line => line.StartsWith('|') && line.TrimEnd().EndsWith('|'));
    }

    [Fact]
    public async Task An_error_is_one_line_on_the_error_stream_and_code_1()
    {
        var (code, output, error) = await RunAsync("models", "show", "nope");

        code.Should().Be(1);
        output.Should().BeEmpty();
        error.Trim().Should().NotContain("\n").And.Contain("nope").And.Contain("mlops models list");
    }

    [Fact]
    public async Task A_stack_trace_comes_only_when_asked_for()
    {
        var (_, _, error) = await RunAsync("models", "show", "nope", "--verbose");

        error.Should().Contain("   at ");
    }

    [Fact]
    public async Task An_unknown_verb_is_an_error()
    {
        var (code, _, error) = await RunAsync("fly");

        code.Should().Be(1);
        error.Trim().Should().NotContain("\n").And.Contain("fly");
    }

    public void Dispose() => host.Dispose();

    internal static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        configure(builder.Services);
        return builder.Build();
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => RunAsync(host, args);

    private static async Task<(int Code, string Output, string Error)> RunAsync(IHost host, params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = await MlopsCommandLine.RunAsync(host.Services, args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
