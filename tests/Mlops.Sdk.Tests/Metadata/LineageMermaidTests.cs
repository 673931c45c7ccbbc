using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Metadata;

public sealed class LineageMermaidTests
{
    private static readonly LineageNode Version = new(new("model-version", "delay/3"), "delay 3", DateTimeOffset.UnixEpoch);
    private static readonly LineageNode Run = new(new("run", "r"), "flights: night", DateTimeOffset.UnixEpoch) { State = "finished" };
    private static readonly LineageNode Data = new(new("dataset", Digest.Of([1]).ToString()), "flights 4bf5122f3445…", DateTimeOffset.UnixEpoch);
    private static readonly LineageNode Bytes = new(Data.Id with { Kind = "artifact" }, "4bf5122f3445…", DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_graph_is_drawn_as_data_flows()
    {
        var graph = new LineageGraph(
            Version.Id,
            [Version, Run, Data, Bytes],
            [new(Run.Id, "made-by", Version.Id), new(Data.Id, "input.training", Run.Id), new(Bytes.Id, LineageEdge.SameContent, Data.Id)],
            [Bytes.Id]);

        graph.ToMermaid().Should().Be("""
            flowchart LR
              n0{{"model-version<br/>delay 3"}}
              n1["run<br/>flights: night<br/>finished"]
              n2[("dataset<br/>flights 4bf5122f3445…")]
              n3[/"artifact<br/>4bf5122f3445…"/]
              n1 -->|"made"| n0
              n2 -->|"data for training"| n1
              n3 -.-|"content of"| n2
              n3 -.- n3more(("…"))
              style n0 stroke-width:4px

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Nothing_in_a_name_is_taken_for_markup()
    {
        var evil = Run with { Label = "a\"] --> x[\"<img src=x onerror=alert(1)>`#quot;\n  click n0 evil;" };

        var text = new LineageGraph(evil.Id, [evil], [], []).ToMermaid();

        text.Split('\n').Should().HaveCount(4);
        text.Split('\n')[1].Should().Be("""  n0["run<br/>a#34;] --#62; x[#34;#60;img src=x onerror=alert(1)#62;#96;#35;quot#59;#10;  click n0 evil#59;<br/>finished"]""");
    }
}
