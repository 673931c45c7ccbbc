using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Commands.Tests.Registry;

public sealed class ModelsCommandTests : IDisposable
{
    private static readonly Digest Data = Digest.Of("rows"u8);
    private readonly Person actor = new();
    private readonly IHost host;

    public ModelsCommandTests() => host = CommandLineTests.Build(services => services.AddSingleton<IActorAccessor>(actor).AddMlops().UseInMemory());

    [Fact]
    public async Task Versions_tell_their_aliases_approval_and_run()
    {
        var run = await RegisterAsync();
        await RegisterAsync();
        await host.RowsAsync("models", "alias", "delay", "champion", "1");
        await host.RowsAsync("models", "approve", "delay", "2", "--request");

        var rows = await host.RowsAsync("models", "versions", "delay");

        rows.Select(row => row["version"].GetInt32()).Should().Equal(2, 1);
        rows[0]["approval"].GetString().Should().Be("Requested");
        rows[1]["aliases"][0].GetString().Should().Be("champion");
        rows[1]["run"].GetString().Should().Be(run);
    }

    [Fact]
    public async Task An_alias_is_moved_with_a_reason_removed_and_remembers_both()
    {
        await RegisterAsync();
        await RegisterAsync();

        await host.RowsAsync("models", "alias", "delay", "champion", "1");
        var moved = await host.RowsAsync("models", "alias", "delay", "champion", "2", "--why", "better");
        await host.RowsAsync("models", "alias", "delay", "champion", "--remove");

        moved[0]["before"].GetInt32().Should().Be(1);
        var history = await host.RowsAsync("models", "alias", "delay", "champion");
        history.Select(row => row["version"].ToString()).Should().Equal("1", "2", "");
        history[1]["why"].GetString().Should().Be("better");
        (await host.RunAsync("models", "alias", "delay", "champion", "--remove")).Error.Should().Contain("points nowhere");
    }

    [Fact]
    public async Task An_alias_that_does_not_point_where_expected_is_left_alone()
    {
        await RegisterAsync();
        await RegisterAsync();
        await host.RowsAsync("models", "alias", "delay", "champion", "1", "--expected", "0");

        var (code, _, error) = await host.RunAsync("models", "alias", "delay", "champion", "2", "--expected", "2");

        code.Should().Be(1);
        error.Trim().Should().Contain("points at version 1, not at 2").And.NotContain("\n");
        (await host.RowsAsync("models", "alias", "delay", "champion")).Should().ContainSingle();
    }

    [Fact]
    public async Task Approval_is_asked_for_and_given_by_somebody_else()
    {
        await RegisterAsync();
        await host.RowsAsync("models", "approve", "delay", "1", "--request", "--why", "please");

        var (own, _, refusal) = await host.RunAsync("models", "approve", "delay", "1");
        actor.Actor = "grace";
        var approved = await host.RowsAsync("models", "approve", "delay", "1", "--why", "looked at it");

        own.Should().Be(1);
        refusal.Trim().Should().NotContain("\n");
        approved.Select(row => row["name"].GetString()).Should().Equal("state", "requested by ada", "approved by grace");
        approved[0]["value"].GetString().Should().Be("Approved");
        (await host.RunAsync("models", "show", "delay", "1")).Output.Should().Contain("approved by grace").And.Contain("looked at it").And.Contain("version.registered");
    }

    [Fact]
    public async Task Lineage_leads_from_an_alias_to_the_data_and_back()
    {
        var run = await RegisterAsync();
        await host.RowsAsync("models", "alias", "delay", "champion", "1");

        var up = await host.RowsAsync("lineage", "model", "delay@champion");
        up.Should().Contain(row => row["kind"].GetString() == "dataset" && row["id"].GetString() == Data.ToString());
        up.Should().Contain(row => row["kind"].GetString() == "run" && row["id"].GetString() == run);

        var down = await host.RowsAsync("lineage", "dataset", Data.ToString(), "--down");
        down.Should().Contain(row => row["kind"].GetString() == "model-version" && row["id"].GetString() == "delay/1");
    }

    [Fact]
    public async Task Lineage_is_drawn_exported_and_cut_where_asked()
    {
        await RegisterAsync();

        (await host.RunAsync("lineage", "model", "delay/1", "--as", "mermaid")).Output.Should().StartWith("flowchart LR\n").And.Contain("delay 1");
        var events = (await host.RunAsync("lineage", "model", "delay/1", "--as", "openlineage")).Output.Trim().Split('\n');
        events.Should().NotBeEmpty().And.OnlyContain(line => line.StartsWith('{') && line.EndsWith('}'));
        var (code, _, error) = await host.RunAsync("lineage", "model", "delay/1", "--depth", "1");
        code.Should().Be(0);
        error.Should().Contain("--depth");
    }

    [Theory]
    [InlineData("dataset", "not-a-digest", "not a digest")]
    [InlineData("model", "delay", "delay/1")]
    [InlineData("model", "delay/9", "There is no")]
    [InlineData("run", "nope", "There is no")]
    public async Task What_has_no_lineage_is_named(string kind, string key, string expected)
    {
        var (code, output, error) = await host.RunAsync("lineage", kind, key);

        code.Should().Be(1);
        output.Should().BeEmpty();
        error.Trim().Should().Contain(expected).And.Contain(key).And.NotContain("\n");
    }

    public void Dispose() => host.Dispose();

    private async Task<string> RegisterAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        await host.Services.OpenMlopsAsync(stop);
        var package = await new ModelPackageBuilder("own") { Datasets = [new("training", Data)] }.AddFile("model/m", new byte[100]).SaveAsync(host.Services.GetRequiredService<IArtifactStore>(), stop);
        await using var run = await host.Services.GetRequiredService<IExperimentTracker>().StartRunAsync("delay", new() { Inputs = [new(Data, DatasetRole.Training, "flights")] }, stop);
        await run.CompleteAsync(stop);
        await host.Services.GetRequiredService<IModelRegistry>().RegisterAsync(new() { Model = "delay", Package = package.Package, Run = run.Entity }, stop);
        return run.Id;
    }

    private sealed class Person : IActorAccessor
    {
        public string Actor { get; set; } = "ada";
    }
}
