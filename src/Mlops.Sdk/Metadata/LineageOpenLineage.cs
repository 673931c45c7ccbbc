using System.Globalization;
using System.Text;
using System.Text.Json;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Metadata;

/// <summary>Lineage as OpenLineage events (https://openlineage.io, specification 2-0-2).</summary>
public static class LineageOpenLineage
{
    private const string RunEvent = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
    private const string Facets = "https://openlineage.io/spec/facets/";

    /// <summary>
    /// The runs, pipeline runs, steps and registrations of the graph as run events: one JSON object each, oldest first, START and, for what ended, COMPLETE, FAIL or ABORT. Send one a request, or join them with line feeds for a file.
    /// Data sets are named by their digest, model versions by their model, with the number as version facet. An event names the inputs and outputs that are in the graph.
    /// Equal graphs give equal events, and every export names the same run by the same id.
    /// </summary>
    public static IReadOnlyList<string> ToOpenLineage(this LineageGraph graph, OpenLineageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new();
        var writer = new Writer(options.Producer.ToString(), options.Namespace ?? $"mlops.{graph.Root.Workspace}");
        return [.. OpenLineageRun.Read(graph)
            .SelectMany(run => writer.Events(run))
            .OrderBy(e => e.At)
            .Select(e => e.Json)];
    }

    private sealed class Writer(string producer, string @namespace)
    {
        public IEnumerable<(DateTimeOffset At, string Json)> Events(OpenLineageRun run)
        {
            var start = run.Node.Created;
            yield return (start, Write(run, "START", start));
            if (run.EndType is { } type)
            {
                // A tracked run's end is by the writer's clock, its start by the store's.
                var end = run.Node.Ended is { } ended && ended > start ? ended : start;
                yield return (end, Write(run, type, end));
            }
        }

        private string Write(OpenLineageRun run, string type, DateTimeOffset at)
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("eventType", type);
                json.WriteString("eventTime", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
                json.WriteStartObject("run");
                json.WriteString("runId", OpenLineageRun.Id(run.Node.Id));
                if (run.Parent is { Job: { } parentJob } parent)
                {
                    json.WriteStartObject("facets");
                    Facet(json, "parent", "1-0-0/ParentRunFacet.json");
                    json.WriteStartObject("run");
                    json.WriteString("runId", OpenLineageRun.Id(parent.Id));
                    json.WriteEndObject();
                    json.WriteStartObject("job");
                    Name(json, parentJob);
                    json.WriteEndObject();
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndObject();
                json.WriteStartObject("job");
                Name(json, run.Job);
                json.WriteStartObject("facets");
                Facet(json, "jobType", "2-0-3/JobTypeJobFacet.json");
                json.WriteString("processingType", "BATCH");
                json.WriteString("integration", "MLOPS_SDK");
                json.WriteString("jobType", run.JobType);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
                Datasets(json, "inputs", run.Inputs);
                Datasets(json, "outputs", run.Outputs);
                json.WriteString("producer", producer);
                json.WriteString("schemaURL", RunEvent);
                json.WriteEndObject();
            }

            return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        }

        private void Datasets(Utf8JsonWriter json, string property, IReadOnlyList<LineageNode> nodes)
        {
            json.WriteStartArray(property);
            foreach (var node in nodes)
            {
                var (name, version) = node.Id.Kind == RegistryEntities.VersionKind && RegistryEntities.Split(node.Id) is var (model, number) ? ($"model/{model}", number) : (node.Id.Key, node.Id.Key);
                json.WriteStartObject();
                Name(json, name);
                json.WriteStartObject("facets");
                Facet(json, "version", "1-0-0/DatasetVersionDatasetFacet.json");
                json.WriteString("datasetVersion", version);
                json.WriteEndObject();
                if (node.Id.Kind == TrackingEntities.DatasetKind)
                {
                    Facet(json, "documentation", "1-0-0/DocumentationDatasetFacet.json");
                    json.WriteString("description", node.Label);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        private void Name(Utf8JsonWriter json, string name)
        {
            json.WriteString("namespace", @namespace);
            json.WriteString("name", name);
        }

        /// <summary>Begins a facet; the caller ends it.</summary>
        private void Facet(Utf8JsonWriter json, string name, string schema)
        {
            json.WriteStartObject(name);
            json.WriteString("_producer", producer);
            json.WriteString("_schemaURL", $"{Facets}{schema}#/$defs/{Path.GetFileNameWithoutExtension(schema)}");
        }
    }
}
