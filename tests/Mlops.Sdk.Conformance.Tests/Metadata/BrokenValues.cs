using System.Text;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Conformance.Tests.Metadata;

/// <summary>Stores NaN as nothing, as a database does whose driver binds NaN as NULL.</summary>
internal sealed class DropsNaN : ChangedValues
{
    protected override AttributeValue? Value(AttributeValue value) => value.Number is double.NaN ? default(AttributeValue?) : value;

    protected override MetricPoint? Point(MetricPoint point) => double.IsNaN(point.Value) ? null : point;
}

/// <summary>Stores -0 as 0, as a column with numeric affinity does.</summary>
internal sealed class LosesTheSignOfZero : ChangedValues
{
    protected override AttributeValue? Value(AttributeValue value) => value.Number is 0 ? 0.0 : value;

    protected override MetricPoint? Point(MetricPoint point) => point with { Value = point.Value is 0 ? 0.0 : point.Value };
}

/// <summary>Stores numbers in a column of single precision.</summary>
internal sealed class SinglePrecision : ChangedValues
{
    protected override AttributeValue? Value(AttributeValue value) => value.Number is { } number ? (double)(float)number : value;

    protected override MetricPoint? Point(MetricPoint point) => point with { Value = (float)point.Value };
}

/// <summary>Stores steps in a column of 32 bits.</summary>
internal sealed class ShortSteps : ChangedValues
{
    protected override MetricPoint? Point(MetricPoint point) => point with { Step = (int)Math.Clamp(point.Step, int.MinValue, int.MaxValue) };
}

/// <summary>Rounds the times of points to the nearest millisecond.</summary>
internal sealed class RoundsTimesOfPoints : ChangedValues
{
    protected override MetricPoint? Point(MetricPoint point) => point with { Timestamp = point.Timestamp.AddTicks(TimeSpan.TicksPerMillisecond / 2) };
}

/// <summary>Takes an empty text for nothing, as Oracle does.</summary>
internal sealed class EmptyIsNothing : ChangedValues
{
    protected override AttributeValue? Value(AttributeValue value) => value.Text is "" ? default(AttributeValue?) : value;
}

/// <summary>Cuts what is longer than its column.</summary>
internal sealed class CutsTexts : ChangedValues
{
    protected override AttributeValue? Value(AttributeValue value) => value.Text is { Length: > 4000 } text ? text[..4000] : value;
}

/// <summary>Stores texts in a normal form.</summary>
internal sealed class NormalizesTexts : ChangedValues
{
    protected override AttributeValue? Value(AttributeValue value) => value.Text is { } text && !text.Any(char.IsSurrogate) ? text.Normalize(NormalizationForm.FormC) : value;
}

/// <summary>Keeps times of entities to the millisecond, while telling the caller of microseconds.</summary>
internal sealed class KeepsMilliseconds : WrappedStore
{
    public override async Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) =>
        [.. (await Inner.FindAsync(ids, parts, cancellationToken)).Select(e => e is null ? null : e with { Created = Cut(e.Created), Modified = Cut(e.Modified) })];

    private static DateTimeOffset Cut(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}

/// <summary>Takes keys for equal that differ in case.</summary>
internal sealed class IgnoresCaseOfKeys : WrappedStore
{
    public override Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default) => Inner.CommitAsync(
        With(changeset, change => change switch
        {
            Change.Create c when !string.IsNullOrEmpty(c.Id.Key) => c with { Id = Lower(c.Id) },
            _ => change,
        }),
        cancellationToken);

    public override Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) => Inner.FindAsync([.. ids.Select(Lower)], parts, cancellationToken);

    private static EntityId Lower(EntityId id) => id.Kind[..1] == "@" ? id : id with { Key = id.Key.ToLowerInvariant() };
}

/// <summary>Asks its database in UTF-8, in which half a character becomes another character.</summary>
internal sealed class FindsHalfCharacters : WrappedStore
{
    public override Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) =>
        Inner.FindAsync([.. ids.Select(id => id with { Key = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(id.Key)) })], parts, cancellationToken);
}
