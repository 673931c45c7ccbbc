using System.Text.Json;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Metadata;

/// <summary>Turns stored entities into nodes. A record that cannot be read must not hide where a model comes from, so its key is its label then.</summary>
internal static class LineageNodes
{
    private const int ShortHex = 12;

    public static LineageNode Read(Entity entity)
    {
        try
        {
            return Node(entity);
        }
        catch (Exception e) when (e is MlopsException or JsonException)
        {
            return new(entity.Id, entity.Id.Key, entity.Created);
        }
    }

    private static string Short(Digest digest) => $"{digest.Hex[..ShortHex]}…";

    private static LineageNode Node(Entity entity)
    {
        var node = new LineageNode(entity.Id, entity.Id.Key, entity.Created) { IsDeleted = entity.Attributes!.ContainsKey(TrackingEntities.Deleted) };
        var key = Digest.TryParse(entity.Id.Key, out var digest) ? digest : default(Digest?);
        switch (entity.Id.Kind)
        {
            case ArtifactEntity.Kind when key is { } content:
                return node with { Label = Short(content), Digest = content };
            case TrackingEntities.DatasetKind when key is { } content:
                return node with { Label = $"{TrackingJson.Read(entity, TrackingJson.Default.DatasetRecord).Name} {Short(content)}", Digest = content };
            case TrackingEntities.RunKind:
                var run = TrackingJson.Read(entity, TrackingJson.Default.RunRecord);
                return Ran(node with { Label = $"{run.Experiment}: {run.Name ?? entity.Id.Key}", Job = run.Experiment }, entity, TrackingEntities.State);
            case PipelineSchema.Run:
                return Ran(node with { Job = JsonSerializer.Deserialize(entity.Body.Bytes.Span, PipelineJson.Default.RunRecord)?.Pipeline }, entity, "state");
            case PipelineSchema.Attempt:
                return Ran(node with { Job = JsonSerializer.Deserialize(entity.Body.Bytes.Span, PipelineJson.Default.AttemptRecord)?.Step }, entity, "state");
            case RegistryEntities.VersionKind:
                var (model, number) = RegistryEntities.Split(entity.Id);
                return node with { Label = $"{model} {number}", Digest = RegistryJson.Read(entity, RegistryJson.Default.VersionRecord).Package };
            case RegistryEntities.AliasKind:
                var (of, alias) = RegistryEntities.Split(entity.Id);
                return node with { Label = $"{of} @{alias}" };
            default:
                return node;
        }
    }

    private static LineageNode Ran(LineageNode node, Entity entity, string state) => node with
    {
        State = entity.Attributes!.TryGetValue(state, out var text) ? text.Text : null,
        Ended = Number(entity, TrackingEntities.Ended) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds((long)at)
            : Number(entity, "duration") is { } seconds ? entity.Created.AddSeconds(seconds)
            : null,
    };

    private static double? Number(Entity entity, string name) => entity.Attributes!.TryGetValue(name, out var value) ? value.Number : null;
}
