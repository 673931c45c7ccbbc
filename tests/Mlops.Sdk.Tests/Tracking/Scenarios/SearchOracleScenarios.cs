using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>Random filters, written as text, must find what a person who meant them would pick by hand.</summary>
public abstract class SearchOracleScenarios(ITrackingPlace place) : IDisposable
{
    private const int Runs = 60, Filters = 60;
    private static readonly int Scale = int.Parse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);
    private readonly IMetadataStore store = place.Open(new FakeTimeProvider(TrackingHosts.Start));

    public void Dispose()
    {
        (store as IDisposable)?.Dispose();
        place.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public Task A_text_finds_what_was_meant() => Gen.Int.SampleAsync(CompareAsync, iter: 20 * Scale, threads: 1);

    private async Task CompareAsync(int seed)
    {
        var random = new Random(seed);
        var make = new RandomRuns(random);
        var workspace = MlopsId.NewKey();
        var runs = Enumerable.Range(0, Runs).Select(make.Run).ToList();
        var changes = RandomRuns.Datasets(workspace).Concat(runs.SelectMany(run => RandomRuns.Changes(run, workspace)));
        (await store.CommitAsync(new(MlopsId.New(), "ada", [.. changes]))).Committed.Should().BeTrue();
        for (var i = 0; i < Filters; i++)
        {
            var said = make.Filter(random.Next(5));
            var text = said.Write(random);
            var page = await store.QueryAsync(EntityQuery.Parse("run", text) with { Workspace = workspace, Limit = Runs });
            page.Items.Select(run => run.Id.Key).Should().BeEquivalentTo(runs.Where(said.Holds).Select(run => run.Id), "that is meant by {0} (seed {1})", text, seed);
        }
    }
}
