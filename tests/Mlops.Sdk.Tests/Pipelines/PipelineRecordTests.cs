using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Tests.Pipelines;

public sealed class PipelineRecordTests
{
    private static readonly Digest Zero = Digest.Parse("sha256:" + new string('0', 64));

    [Fact]
    public void Stored_records_of_version_1_are_read_and_written_as_ever()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "pipeline-records.v1.json")));

        Read("run", PipelineJson.Default.RunRecord).Should().Be(new RunRecord("Train", 1, Zero.ToString(), "Train/1"));
        Read("attempt", PipelineJson.Default.AttemptRecord).Should().BeEquivalentTo(new AttemptRecord("fit", "1", "declared", "fit[2]", 1, 7, "00", "sha256:00", new() { ["Microsoft.ML"] = "5.0.1" }, "it is gone"));
        Read("inline", PipelineJson.Default.ResultRecord).Value.GetRawText().Should().Be("""{"a":null}""");
        Read("null", PipelineJson.Default.ResultRecord).Value.ValueKind.Should().Be(JsonValueKind.Null);
        Read("large", PipelineJson.Default.ResultRecord).Should().BeEquivalentTo(new { Attempt = "Train/1/fit[2]/1", Output = Zero, Artifact = new ArtifactRef(Digest.Parse("sha256:" + new string('1', 64)), 20_000) });

        T Read<T>(string name, JsonTypeInfo<T> type)
        {
            var text = golden.RootElement.GetProperty(name).GetRawText();
            var record = JsonSerializer.Deserialize(text, type)!;
            JsonSerializer.Serialize(record, type).Should().Be(text);
            return record;
        }
    }
}
