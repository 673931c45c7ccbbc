using System.Collections.Immutable;

namespace Mlops.Sdk.Metadata;

/// <summary>Everything that an in-memory store knows at one position. Immutable: a commit makes another one, a refused commit drops it, a reader keeps the one it began with.</summary>
internal sealed record InMemoryState
{
    public ImmutableDictionary<EntityId, InMemoryEntity> Entities { get; init; } = ImmutableDictionary<EntityId, InMemoryEntity>.Empty;

    public ImmutableDictionary<(string Kind, EntityId Scope), long> Numbers { get; init; } = ImmutableDictionary<(string, EntityId), long>.Empty;

    public ImmutableList<StoredEvent> Events { get; init; } = [];

    public ImmutableDictionary<Guid, CommitResult> Results { get; init; } = ImmutableDictionary<Guid, CommitResult>.Empty;

    public long Position { get; init; }

    public long LastSequence { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>One entity with what belongs to it.</summary>
internal sealed record InMemoryEntity(EntityId Id, long Sequence, long Revision, EntityBody Body, DateTimeOffset Created, DateTimeOffset Modified)
{
    // A dictionary keeps the old value when the new one equals it, and -0 equals 0; here the last writer wins to the bit.
    private static readonly ImmutableDictionary<string, AttributeValue> NoAttributes = ImmutableDictionary<string, AttributeValue>.Empty.WithComparers(
        StringComparer.Ordinal,
        EqualityComparer<AttributeValue>.Create((a, b) => a == b && BitConverter.DoubleToInt64Bits(a.Number ?? 0) == BitConverter.DoubleToInt64Bits(b.Number ?? 0), a => a.GetHashCode()));

    public static readonly IComparer<MetricPoint> PointOrder = Comparer<MetricPoint>.Create(AttributeOrder.ComparePoint);

    public ImmutableDictionary<string, AttributeValue> Attributes { get; init; } = NoAttributes;

    /// <summary>The point that an attribute came from, for attributes that came from points.</summary>
    public ImmutableDictionary<string, MetricPoint> Latest { get; init; } = ImmutableDictionary<string, MetricPoint>.Empty.WithComparers(StringComparer.Ordinal);

    public ImmutableDictionary<string, ImmutableSortedSet<MetricPoint>> Points { get; init; } = ImmutableDictionary<string, ImmutableSortedSet<MetricPoint>>.Empty.WithComparers(StringComparer.Ordinal);

    public ImmutableHashSet<Link> Out { get; init; } = [];

    public ImmutableHashSet<Link> In { get; init; } = [];

    public InMemoryEntity With(string name, AttributeValue? value) => this with
    {
        Attributes = value is { } v ? Attributes.SetItem(name, v) : Attributes.Remove(name),
        Latest = Latest.Remove(name),
    };

    public InMemoryEntity With(IReadOnlyDictionary<string, AttributeValue> attributes) => attributes.Aggregate(this, (entity, a) => entity.With(a.Key, a.Value));

    public Entity Read(EntityParts parts, DateTimeOffset asOf) => new(
        Id,
        Revision,
        parts.HasFlag(EntityParts.Body) ? Body : Body with { Bytes = default },
        Created,
        Modified,
        asOf,
        parts.HasFlag(EntityParts.Attributes) ? Attributes : null);
}
