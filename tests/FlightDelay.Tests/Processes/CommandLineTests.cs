namespace FlightDelay.Tests.Processes;

public sealed class CommandLineTests(TrainedHome trained) : IClassFixture<TrainedHome>
{
    [Fact]
    public async Task A_step_to_kill_after_that_was_cached_is_said()
    {
        using var folder = new TemporaryFolder();

        var run = (await trained.CopyTo(folder["home"]).RunAsync("--data", trained.Data, "--kill-after", "fit")).ShouldExitWith(0);

        run.Error.Should().Contain("Warning: fit was taken from the store, so nothing was killed");
        run.Result.Should().BeEquivalentTo(trained.Result with { StepsExecuted = 0, StepsCached = 14 });
    }

    [Fact]
    public async Task An_unknown_step_to_kill_after_is_refused_with_the_steps()
    {
        using var folder = new TemporaryFolder();

        var run = (await new Sample(folder["home"]).RunAsync("--kill-after", "fti")).ShouldExitWith(1);

        run.Error.Should().Contain("'fti'").And.Contain("load, validate, split, features, fit, evaluate, gate, register, alias, predict");
        Directory.Exists(folder["home"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_file_of_another_kind_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["README.md"], "# Text");

        (await new Sample(folder["home"]).RunAsync("--data", folder["README.md"])).ShouldFailWith(folder["README.md"], "only .parquet and .csv files can be read");
    }

    [Fact]
    public async Task A_directory_of_data_is_called_a_directory()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["data"]);

        (await new Sample(folder["home"]).RunAsync("--data", folder["data"])).ShouldFailWith(folder["data"], "is a directory", "--data");
    }

    [Theory]
    [InlineData("file", "is a file")]
    [InlineData("file/below", "cannot be made")]
    public async Task A_home_that_cannot_be_is_named_with_its_option(string home, string why)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");

        (await new Sample(folder[home]).RunAsync("--data", trained.Data)).ShouldFailWith("--home", folder[home], why);
        (await Sample.RunExactlyAsync("--home", folder[home], "mlops", "models", "list")).ShouldFailWith("--home", folder[home], why);
    }

    [Fact]
    public async Task The_mlops_command_line_takes_the_home_before_it()
    {
        using var folder = new TemporaryFolder();
        var sample = trained.CopyTo(folder["home"]);

        (await Sample.RunExactlyAsync("--home", sample.Home, "mlops", "models", "list")).ShouldExitWith(0).Output.Should().Contain("flight-delay");
        (await Sample.RunExactlyAsync($"--home={sample.Home}", "mlops", "runs", "list")).ShouldExitWith(0).Output.Should().Contain("BoostedTrees");
        (await Sample.RunExactlyAsync("--help")).ShouldExitWith(0).Output.Should().Contain("mlops runs list");
        (await Sample.RunExactlyAsync("--verbose", "mlops", "models", "list")).ShouldExitWith(1).Error.Should().Contain("mlops stands first");
    }

    [Fact]
    public async Task What_is_piped_has_no_empty_first_line_and_no_blanks_at_line_ends()
    {
        using var folder = new TemporaryFolder();
        var sample = trained.CopyTo(folder["home"]);

        var run = (await Sample.RunExactlyAsync("--home", sample.Home, "--data", trained.Data)).ShouldExitWith(0);

        var lines = run.Output.Split('\n')[..^1].Concat(run.Error.Split('\n')[..^1]).ToList();
        lines.Should().OnlyContain(line => line == line.TrimEnd());
        lines[0].Should().StartWith("Question").And.EndWith("15 minutes or more after schedule");
        lines.Should().Contain($"  dotnet run -c Release --project docs/samples/FlightDelay -- --home {sample.Home} --data {trained.Data} --seed 2");
        run.Output.Should().Contain("(a flight can break several rules)");
    }
}
