using System.Text.Json;

namespace Mlops.Sdk.Tests.Metadata;

/// <summary>What https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent demands, and of the facets in use what their own schemas demand, read from the specification.</summary>
internal static class OpenLineageSchema
{
    private static readonly string[] Types = ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"];

    private static readonly Dictionary<string, Action<JsonElement>> Facets = new()
    {
        ["parent"] = facet =>
        {
            Uuid(facet.GetProperty("run").GetProperty("runId"));
            Job(facet.GetProperty("job"));
        },
        ["jobType"] = facet => Texts(facet, "processingType", "integration"),
        ["version"] = facet => Texts(facet, "datasetVersion"),
        ["documentation"] = facet => Texts(facet, "description"),
    };

    public static void Validate(JsonElement runEvent)
    {
        Only(runEvent, "eventType", "eventTime", "run", "job", "inputs", "outputs", "producer", "schemaURL");
        Types.Should().Contain(runEvent.GetProperty("eventType").GetString());
        runEvent.GetProperty("eventTime").GetString().Should().EndWith("Z");
        runEvent.GetProperty("eventTime").TryGetDateTimeOffset(out _).Should().BeTrue();
        Uri(runEvent.GetProperty("producer"));
        runEvent.GetProperty("schemaURL").GetString().Should().Be("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
        var run = runEvent.GetProperty("run");
        Only(run, "runId", "facets");
        Uuid(run.GetProperty("runId"));
        AllFacets(run);
        Job(runEvent.GetProperty("job"));
        foreach (var dataset in runEvent.GetProperty("inputs").EnumerateArray().Concat(runEvent.GetProperty("outputs").EnumerateArray()))
        {
            Only(dataset, "namespace", "name", "facets");
            Texts(dataset, "namespace", "name");
            AllFacets(dataset);
        }
    }

    private static void Job(JsonElement job)
    {
        Only(job, "namespace", "name", "facets");
        Texts(job, "namespace", "name");
        AllFacets(job);
    }

    private static void AllFacets(JsonElement holder)
    {
        foreach (var facet in holder.TryGetProperty("facets", out var facets) ? facets.EnumerateObject() : default(IEnumerable<JsonProperty>) ?? [])
        {
            Uri(facet.Value.GetProperty("_producer"));
            Uri(facet.Value.GetProperty("_schemaURL"));
            Facets.Should().ContainKey(facet.Name);
            Facets[facet.Name](facet.Value);
        }
    }

    private static void Only(JsonElement element, params string[] names) => element.EnumerateObject().Select(p => p.Name).Should().BeSubsetOf(names).And.OnlyHaveUniqueItems();

    private static void Texts(JsonElement element, params string[] names) => names.Should().AllSatisfy(name => element.GetProperty(name).GetString().Should().NotBeNullOrEmpty());

    private static void Uuid(JsonElement text) => Guid.TryParseExact(text.GetString(), "D", out _).Should().BeTrue();

    private static void Uri(JsonElement text) => System.Uri.TryCreate(text.GetString(), UriKind.Absolute, out _).Should().BeTrue();
}
