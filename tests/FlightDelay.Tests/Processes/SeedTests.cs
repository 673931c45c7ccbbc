namespace FlightDelay.Tests.Processes;

public sealed class SeedTests(TrainedHome trained) : IClassFixture<TrainedHome>
{
    [Fact]
    public async Task A_model_that_is_registered_keeps_its_version_and_does_not_displace_a_newer_champion()
    {
        using var folder = new TemporaryFolder();
        var sample = trained.CopyTo(folder["home"]);

        var second = (await sample.RunAsync("--data", trained.Data, "--seed", "2")).ShouldExitWith(0);

        (second.Result.Verdict, second.Result.Version, second.Result.Alias).Should().Be(("Pass", 2, "champion"), second.Error);
        second.Error.Should().Contain("champion → 2, was 1").And.Contain("--seed 3");

        var older = (await sample.RunAsync("--data", trained.Data)).ShouldExitWith(0);

        older.Result.Should().BeEquivalentTo(trained.Result with { Alias = null, StepsExecuted = 3, StepsCached = 10 });
        older.Error.Should().Contain("this model is registered already").And.Contain("champion stays at 2").And.Contain("not worse than champion: Pass").And.Contain("--seed 3");

        var repeated = (await sample.RunAsync("--data", trained.Data)).ShouldExitWith(0).Result;
        repeated.Should().BeEquivalentTo(older.Result with { StepsExecuted = 0, StepsCached = 13 });

        var newer = (await sample.RunAsync("--data", trained.Data, "--seed", "2")).ShouldExitWith(0).Result;
        newer.Should().BeEquivalentTo(second.Result with { StepsExecuted = 0, StepsCached = 14 });
        (await sample.VersionsAsync()).Should().Equal(2, 1);
    }

    [Fact]
    public async Task After_the_alias_was_moved_back_by_hand_a_run_says_where_it_points()
    {
        using var folder = new TemporaryFolder();
        var sample = trained.CopyTo(folder["home"]);
        var second = (await sample.RunAsync("--data", trained.Data, "--seed", "2")).ShouldExitWith(0).Result;
        await sample.MoveChampionAsync(1);

        var older = (await sample.RunAsync("--data", trained.Data)).ShouldExitWith(0).Result;
        older.Should().BeEquivalentTo(trained.Result with { StepsExecuted = 0, StepsCached = 14 });

        // Version 2 meets version 1 again, and this time the alias really moves: the stored move of the first time is not mistaken for it.
        var newer = (await sample.RunAsync("--data", trained.Data, "--seed", "2")).ShouldExitWith(0).Result;
        newer.Should().BeEquivalentTo(second with { StepsExecuted = 2, StepsCached = 12 });
        (await sample.ChampionAsync()).Should().Be(2);
        (await sample.VersionsAsync()).Should().Equal(2, 1);
    }

    [Fact]
    public async Task Every_candidate_is_a_tracked_run_with_its_metrics_and_data()
    {
        using var folder = new TemporaryFolder();
        var sample = trained.CopyTo(folder["home"]);
        (await sample.RunAsync("--data", trained.Data)).ShouldExitWith(0);

        var runs = await sample.RunsAsync();

        runs.Select(r => r.Name).Should().BeEquivalentTo(["LogisticRegression", "BoostedTrees", "RandomForest"], "a fit that is cached is no run");
        runs.Should().OnlyContain(r => r.Experiment == "flight-delay" && r.State == Mlops.Sdk.Tracking.RunState.Finished);
        runs.Should().OnlyContain(r => r.Metrics.Count == 3 && r.Metrics.ContainsKey("roc_auc") && r.Metrics.ContainsKey("log_loss") && r.Metrics.ContainsKey("brier"));
        runs.SelectMany(r => r.Inputs).GroupBy(i => (i.Role, i.Digest)).Select(g => g.Count()).Should().Equal(3, 3);
    }
}
