using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Commands.Tests.Tracking;

public sealed class RunsCommandTests : IDisposable
{
    private static readonly Digest Data = Digest.Of("rows"u8);
    private readonly IHost host = CommandLineTests.Build(services => services.AddMlops().UseInMemory());

    [Fact]
    public async Task Runs_are_listed_newest_first_with_their_metrics_and_at_most_as_many_as_asked_for()
    {
        await TrackAsync("first", 0.5);
        var second = await TrackAsync("second", 0.75);

        var (code, output) = await RunAsync("runs", "list", "--limit", "1", "--format", "json");

        code.Should().Be(0);
        using var json = JsonDocument.Parse(output);
        json.RootElement.EnumerateArray().Should().ContainSingle()
            .Which.Should().Match<JsonElement>(run => run.GetProperty("run").GetString() == second && run.GetProperty("metrics").GetProperty("auc").GetDouble() == 0.75);
    }

    [Fact]
    public async Task A_run_is_shown_with_params_metrics_and_data()
    {
        var id = await TrackAsync("only", 0.5);

        var (_, output) = await RunAsync("runs", "show", id, "--format", "json");

        using var json = JsonDocument.Parse(output);
        var rows = json.RootElement.EnumerateArray().ToDictionary(row => row.GetProperty("what").GetString() + " " + row.GetProperty("name").GetString(), row => row.GetProperty("value").ToString());
        rows["param trainer"].Should().Be("sdca");
        rows["metric auc"].Should().Be("0.5");
        rows["training data flights"].Should().Be(Data.ToString());
        rows["run state"].Should().Be("Finished");
    }

    [Fact]
    public async Task Values_cannot_break_the_table_and_small_numbers_do_not_look_like_zero()
    {
        var stop = TestContext.Current.CancellationToken;
        var run = await host.Services.GetRequiredService<IExperimentTracker>().StartRunAsync("e", cancellationToken: stop);
        await run.SetTagAsync("note", "a|b\nc\u001b[2J [red]d", stop);
        run.LogMetric("tiny", 0.00000012);
        await run.CompleteAsync(stop);

        var table = (await RunAsync("runs", "show", run.Id)).Output;
        var markdown = (await RunAsync("runs", "show", run.Id, "--format", "md")).Output;

        table.Should().Contain("a|b c [2J [red]d").And.Contain("1.2E-07").And.NotContain("\u001b");
        markdown.Should().Contain("a\\|b c [2J [red]d").And.NotContain("\u001b");
        (await RunAsync("runs", "list")).Output.Should().Contain("tiny=1.2E-07");
    }

    [Fact]
    public async Task An_unknown_run_is_an_error() => (await RunAsync("runs", "show", "nope")).Code.Should().Be(1);

    public void Dispose() => host.Dispose();

    private async Task<string> TrackAsync(string name, double auc)
    {
        var stop = TestContext.Current.CancellationToken;
        var tracker = host.Services.GetRequiredService<IExperimentTracker>();
        await using var run = await tracker.StartRunAsync("delay", new() { Name = name, Inputs = [new(Data, DatasetRole.Training, "flights")] }, stop);
        await run.LogParamAsync("trainer", "sdca", stop);
        run.LogMetric("auc", auc);
        await run.CompleteAsync(stop);
        return run.Id;
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        return (await MlopsCommandLine.RunAsync(host.Services, args, output, error, TestContext.Current.CancellationToken), output.ToString());
    }
}
