using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Commands.Tests.Tracking;

public sealed class RunsSearchTests : IDisposable
{
    private readonly IHost host = CommandLineTests.Build(services => services.AddMlops().UseInMemory());

    [Fact]
    public async Task A_search_answers_its_filter_in_its_order_with_params_and_metrics()
    {
        await TrackAsync("poor", 0.5, "sdca");
        var good = await TrackAsync("good", 0.75, "fasttree");
        var best = await TrackAsync("best", 0.9, "fasttree");

        var rows = await host.RowsAsync("runs", "search", "params.trainer = 'fasttree' order by metrics.auc desc");

        rows.Select(row => row["run"].GetString()).Should().Equal(best, good);
        rows[0]["metrics"].GetProperty("auc").GetDouble().Should().Be(0.9);
        rows[0]["params"].GetProperty("trainer").GetString().Should().Be("fasttree");
    }

    [Fact]
    public async Task A_filter_that_is_wrong_is_shown_with_a_caret_under_the_place()
    {
        var (code, output, error) = await host.RunAsync("runs", "search", "metrics.auc >> 0.8");

        code.Should().Be(1);
        output.Should().BeEmpty();
        var lines = error.TrimEnd().Split('\n');
        lines.Should().HaveCount(3);
        lines[0].Should().Contain("column 14").And.Contain("expected");
        lines[1].Should().Be("metrics.auc >> 0.8");
        lines[2].Should().Be(new string(' ', 13) + "^");
    }

    [Fact]
    public async Task The_best_come_first_and_NaN_never_does()
    {
        var worst = await TrackAsync("nan", double.NaN, "a");
        var low = await TrackAsync("low", 0.1, "a");
        var high = await TrackAsync("high", 0.2, "a");

        (await host.RowsAsync("runs", "list", "--best-by", "auc")).Select(row => row["run"].GetString()).Should().Equal(high, low, worst);
        (await host.RowsAsync("runs", "list", "--best-by", "auc", "--minimize")).Select(row => row["run"].GetString()).Should().Equal(low, high, worst);
    }

    [Fact]
    public async Task More_than_are_shown_is_said_on_the_error_stream()
    {
        await TrackAsync("one", 0.1, "a");
        await TrackAsync("two", 0.2, "a");

        (await host.RunAsync("runs", "list", "--limit", "1", "--format", "json")).Error.Should().Contain("more than these 1");
        (await host.RunAsync("runs", "list", "--limit", "2", "--format", "json")).Error.Should().BeEmpty();
        (await host.RunAsync("runs", "list", "--limit", "0")).Should().Match<(int Code, string Output, string Error)>(r => r.Code == 1 && r.Error.Contains("--limit"));
    }

    [Fact]
    public async Task A_deleted_run_is_listed_only_when_asked_for_and_can_be_restored()
    {
        var id = await TrackAsync("only", 0.1, "a");

        (await host.RowsAsync("runs", "delete", id))[0]["state"].GetString().Should().Be("deleted");
        (await host.RowsAsync("runs", "list")).Should().BeEmpty();
        (await host.RowsAsync("runs", "list", "--deleted")).Should().ContainSingle();
        (await host.RunAsync("runs", "show", id)).Output.Should().Contain("deleted");

        await host.RowsAsync("runs", "restore", id);
        (await host.RowsAsync("runs", "list")).Should().ContainSingle();
    }

    [Fact]
    public async Task A_slip_in_one_of_several_ids_deletes_none()
    {
        var id = await TrackAsync("only", 0.1, "a");

        var (code, _, error) = await host.RunAsync("runs", "delete", id, "nope");

        code.Should().Be(1);
        error.Should().Contain("'nope'").And.Contain("mlops runs list");
        (await host.RowsAsync("runs", "list")).Should().ContainSingle();
    }

    [Fact]
    public async Task A_comparison_shows_metrics_and_only_what_differs_unless_all_is_asked_for()
    {
        var (low, high) = (await TrackAsync("low", 0.1, "sdca"), await TrackAsync("high", 0.2, "fasttree"));

        var rows = await host.RowsAsync("runs", "compare", low, high, "--maximize", "auc");
        var all = await host.RowsAsync("runs", "compare", low, high, "--all");

        rows[0]["run 1"].GetString().Should().Be(low);
        rows[0]["run 2"].GetString().Should().Be(high);
        rows.Single(row => row["what"].GetString() == "metric")["best"].GetString().Should().Be("run 2");
        var trainer = rows.Single(row => row["what"].GetString() == "param");
        (trainer["run 1"].GetString(), trainer["run 2"].GetString()).Should().Be(("sdca", "fasttree"));
        rows.Should().NotContain(row => row["name"].GetString() == "runtime");
        all.Should().Contain(row => row["name"].GetString() == "runtime");
    }

    [Fact]
    public async Task A_comparison_needs_runs_that_exist()
    {
        var id = await TrackAsync("only", 0.1, "a");

        (await host.RunAsync("runs", "compare", id)).Should().Match<(int Code, string Output, string Error)>(r => r.Code == 1 && r.Error.Contains("2 to 100"));
        (await host.RunAsync("runs", "compare", id, "nope")).Should().Match<(int Code, string Output, string Error)>(r => r.Code == 1 && r.Error.Contains("nope"));
    }

    public void Dispose() => host.Dispose();

    private async Task<string> TrackAsync(string name, double auc, string trainer)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var run = await host.Services.GetRequiredService<IExperimentTracker>().StartRunAsync("delay", new() { Name = name }, stop);
        await run.LogParamAsync("trainer", trainer, stop);
        run.LogMetric("auc", auc);
        await run.CompleteAsync(stop);
        return run.Id;
    }
}
