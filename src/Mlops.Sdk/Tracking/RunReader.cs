using System.Globalization;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Tracking.TrackingEntities;

namespace Mlops.Sdk.Tracking;

/// <summary>Turns stored entities into typed records.</summary>
internal static class RunReader
{
    public static TrackedRun Run(Entity entity, TimeSpan abandonedAfter)
    {
        var record = TrackingJson.Read(entity, TrackingJson.Default.RunRecord);
        var attributes = entity.Attributes ?? throw new InvalidOperationException("A run is read with its attributes.");
        var parameters = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        var artifacts = new Dictionary<string, ArtifactRef>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            if (Has(name, ParamPrefix, out var param))
            {
                parameters.Add(param, value);
            }
            else if (Has(name, TagPrefix, out var tag))
            {
                tags.Add(tag, value.ToString());
            }
            else if (Has(name, MetricPrefix, out var metric) && value.Number is { } number)
            {
                metrics.Add(metric, number);
            }
            else if (Has(name, ArtifactPrefix, out var path))
            {
                artifacts.Add(path, Artifact(value.ToString(), entity.Id));
            }
        }

        var state = ParseState(attributes.GetValueOrDefault(State).Text);
        return new()
        {
            Id = entity.Id.Key,
            Experiment = record.Experiment,
            Name = record.Name,
            Parent = attributes.GetValueOrDefault(Parent).Text,
            State = state,
            IsAbandoned = state == RunState.Running && entity.AsOf - entity.Modified > abandonedAfter,
            Deleted = Time(attributes, Deleted),
            Reason = attributes.GetValueOrDefault(Reason).Text,
            Actor = record.Actor,
            Started = record.Started,
            Ended = Time(attributes, Ended),
            LastSeen = entity.Modified,
            Params = parameters,
            Tags = tags,
            Metrics = metrics,
            Artifacts = artifacts,
            Inputs = [.. record.Inputs.Select(input => new DatasetInput(Digest.Parse(input.Digest), Role(input.Role), input.Name, input.Rows))],
            Code = record.Code is { } code ? new(code.Commit, code.Dirty, code.UntrackedFiles, Optional(code.Diff), code.DiffTruncated) : null,
            Environment = new(record.Environment.OperatingSystem, record.Environment.Architecture, record.Environment.Runtime, record.Environment.Cores, Optional(record.Environment.Packages)),
            DroppedPoints = attributes.TryGetValue(Dropped, out var dropped) ? (long)(dropped.Number ?? 0) : 0,
        };
    }

    /// <summary>The commit that a run recorded, with <c>-dirty</c> appended when tracked files differed; null when the entity is no tracked run or recorded none.</summary>
    public static string? FindCommit(Entity entity)
    {
        try
        {
            return entity.Id.Kind == RunKind && TrackingJson.Read(entity, TrackingJson.Default.RunRecord).Code is { } code ? code.Commit + (code.Dirty ? "-dirty" : "") : null;
        }
        catch (MlopsException)
        {
            // A record that cannot be read is a matter for those who read runs.
            return null;
        }
    }

    /// <summary>The stored form of a reference to an artifact: its digest, a space and its length.</summary>
    public static AttributeValue Text(ArtifactRef artifact) => string.Create(CultureInfo.InvariantCulture, $"{artifact.Digest} {artifact.Length}");

    private static ArtifactRef Artifact(string text, EntityId run)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && Digest.TryParse(text[..space], out var digest) && long.TryParse(text.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? new(digest, length)
            : throw new CorruptedException($"An artifact of {run} cannot be read: '{text}' is not a digest and a length.");
    }

    private static DateTimeOffset? Time(IReadOnlyDictionary<string, AttributeValue> attributes, string name) =>
        attributes.TryGetValue(name, out var time) && time.Number is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;

    private static Digest? Optional(string? text) => text is null ? null : Digest.Parse(text);

    private static DatasetRole Role(string text) => Enum.GetValues<DatasetRole>().Single(role => TrackingEntities.Text(role) == text);

    private static bool Has(string name, string prefix, out string rest)
    {
        var has = name.StartsWith(prefix, StringComparison.Ordinal);
        rest = has ? name[prefix.Length..] : "";
        return has;
    }
}
