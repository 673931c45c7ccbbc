using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Commands.Tests.Metadata;

public sealed class GcCommandTests : IDisposable
{
    private readonly IHost host = CommandLineTests.Build(services => services.AddMlops().UseInMemory());

    [Fact]
    public async Task A_deleted_run_goes_only_when_its_retention_is_over_and_removal_was_asked_for()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var run = await host.Services.GetRequiredService<IExperimentTracker>().StartRunAsync("e", cancellationToken: stop);
        await run.CompleteAsync(stop);
        await host.RowsAsync("runs", "delete", run.Id);

        (await host.RowsAsync("gc", "--list")).Should().BeEmpty("it can be restored for 30 days");
        var (_, dry, note) = await host.RunAsync("gc", "--retention", "0d", "--list", "--format", "json");
        (await host.RowsAsync("runs", "list", "--deleted")).Should().ContainSingle("that was a dry run");
        var removed = await host.RowsAsync("gc", "--retention", "0h", "--delete");

        dry.Should().Contain(run.Id);
        note.Should().Contain("--delete");
        removed.Single(row => row["kind"].GetString() == "run")["removed"].GetInt32().Should().Be(1);
        (await host.RunAsync("runs", "show", run.Id)).Code.Should().Be(1);
    }

    [Theory]
    [InlineData("--retention", "soon")]
    [InlineData("--retention", "1")]
    [InlineData("--grace", "5m")]
    [InlineData("--grace", "0h")]
    public async Task A_time_that_is_none_is_named(string option, string value)
    {
        var (code, output, error) = await host.RunAsync("gc", option, value);

        code.Should().Be(1);
        output.Should().BeEmpty();
        error.Trim().Should().NotBeEmpty().And.NotContain("\n");
    }

    public void Dispose() => host.Dispose();
}
