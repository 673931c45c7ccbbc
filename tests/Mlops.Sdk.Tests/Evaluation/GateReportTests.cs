using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;

namespace Mlops.Sdk.Tests.Evaluation;

public sealed class GateReportTests
{
    private readonly GateBench bench = new();

    [Fact]
    public async Task A_report_is_stored_as_it_always_was()
    {
        var report = await SampleAsync();

        bench.Stored(report).Should().Be((await File.ReadAllTextAsync(GateBench.Golden("evaluation-report-v1.json"), TestContext.Current.CancellationToken)).TrimEnd());
    }

    [Fact]
    public async Task A_report_of_version_1_is_read()
    {
        var content = (await File.ReadAllTextAsync(GateBench.Golden("evaluation-report-v1.json"), TestContext.Current.CancellationToken)).TrimEnd();
        var artifact = await bench.Artifacts.PutBytesAsync(Encoding.UTF8.GetBytes(content), TestContext.Current.CancellationToken);

        var read = await bench.Evaluator.FindReportAsync(artifact.Digest, TestContext.Current.CancellationToken);

        read.Should().BeEquivalentTo(await SampleAsync());
        read!.Artifact.Should().Be(artifact);
    }

    [Fact]
    public async Task People_get_a_table_in_invariant_culture()
    {
        var report = await SampleAsync();
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            var text = report.ToMarkdown();

            text.Should().StartWith("# Gate flight\\|delay: Inconclusive\n\n`brier` (smaller is better) on 16 rows in 8 clusters; 95 % intervals from 2,000 paired bootstrap resamples.");
            text.Should().Contain("| floor | Pass | 0.1377 | 0.0625 to 0.2383 | 0.25 | All of the interval 0.0625 to 0.23828 of brier of the candidate is on the good side of 0.25. |");
            text.Should().Contain("| not worse than champion | not applied | – | – | – | There is no champion yet");
            text.Should().Contain("| candidate | 0.1377 | 0.0625 to 0.2383 |"); // (14 · 0.25² + 0.75² + 0.875²) ÷ 16
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task An_artifact_that_is_no_report_is_refused()
    {
        var artifact = await bench.Artifacts.PutBytesAsync("[1, 2]"u8.ToArray(), TestContext.Current.CancellationToken);

        var read = () => bench.Evaluator.FindReportAsync(artifact.Digest, TestContext.Current.CancellationToken);

        (await read.Should().ThrowAsync<CorruptedException>()).Which.Message.Should().Contain(artifact.Digest.ToString()).And.Contain("is not a gate report");
    }

    [Fact]
    public async Task A_report_of_a_newer_version_is_refused_with_the_remedy()
    {
        var json = JsonNode.Parse(bench.Stored(await SampleAsync()))!;
        json["recordVersion"] = 2;
        var artifact = await bench.Artifacts.PutBytesAsync(Encoding.UTF8.GetBytes(json.ToJsonString()), TestContext.Current.CancellationToken);

        var read = () => bench.Evaluator.FindReportAsync(artifact.Digest, TestContext.Current.CancellationToken);

        await read.Should().ThrowAsync<MlopsException>().WithMessage("*record version 2*Update Mlops.Sdk.");
    }

    [Fact]
    public async Task A_report_that_does_not_exist_is_null() =>
        (await bench.Evaluator.FindReportAsync(Digest.Of("x"u8), TestContext.Current.CancellationToken)).Should().BeNull();

    [Fact]
    public async Task The_scores_that_were_judged_are_in_the_report_by_digest()
    {
        var report = await SampleAsync();

        var bytes = new double[] { 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 }.SelectMany(BitConverter.GetBytes).ToArray();
        report.Evidence.Labels.Should().Be(Digest.Of(bytes).ToString());
        report.Evidence.Rows.Should().Be(GateBench.Rows.ToString());
        report.Evidence.Champion.Should().BeNull();
    }

    private Task<GateReport> SampleAsync()
    {
        var labels = Enumerable.Range(0, 16).Select(i => (double)(i % 2)).ToArray();
        return bench.EvaluateAsync(
            new("flight|delay") { Metric = Metrics.Brier, Floor = 0.25, BaselineMargin = 0.02, NonInferiorityMargin = 0.005, MinRows = 10, MinClusters = 5 },
            new()
            {
                Rows = GateBench.Rows,
                Labels = labels,
                Candidate = [.. labels.Select((label, i) => i == 3 ? 0.125 : (0.5 * label) + 0.25 + (i == 6 ? 0.5 : 0))],
                Baseline = Enumerable.Repeat(0.5, 16).ToArray(),
                Clusters = GateInput.ClustersOf(Enumerable.Range(0, 16).Select(i => i / 2)),
            });
    }
}
