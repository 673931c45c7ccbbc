namespace Mlops.Sdk.Metadata;

/// <summary>
/// One change of a <see cref="Changeset"/>. <see cref="Create"/>, <see cref="CreateNumbered"/>, <see cref="Put"/> and <see cref="Delete"/> are revisioned; the others commute and never touch a revision.
/// Every change except <see cref="Create"/> and <see cref="CreateNumbered"/> conflicts with <see cref="ConflictKind.Missing"/> when its entity does not exist.
/// </summary>
public abstract record Change
{
    private protected Change()
    {
    }

    /// <summary>A guard without a write: the changeset is refused unless every stated condition holds.</summary>
    public sealed record Require(EntityId Id) : Change
    {
        /// <summary>The entity must have this revision; null means any.</summary>
        public long? Revision { get; init; }

        /// <summary>True: the entity must not exist. Excludes the other conditions.</summary>
        public bool Absent { get; init; }

        /// <summary>The attribute to compare, or null.</summary>
        public string? Attribute { get; init; }

        /// <summary>The value that <see cref="Attribute"/> must have; null means that the attribute must be absent.</summary>
        public AttributeValue? Equal { get; init; }

        /// <summary>The entity must not have been modified after this time of the store's clock.</summary>
        public DateTimeOffset? UnmodifiedSince { get; init; }
    }

    /// <summary>Creates an entity at revision 1; conflicts with <see cref="ConflictKind.Exists"/>.</summary>
    public sealed record Create(EntityId Id, EntityBody Body) : Change
    {
        /// <summary>Attributes to set at once.</summary>
        public IReadOnlyDictionary<string, AttributeValue> Attributes { get; init; } = NoAttributes;
    }

    /// <summary>
    /// Creates an entity of <paramref name="Kind"/> with the next number of <paramref name="Scope"/>: key <c>{Scope.Key}/{n}</c> in the scope's workspace, attribute <c>number</c> = n.
    /// Numbers start at 1, have no gaps and are never used again, not even after a delete; a changeset that is refused takes none. The scope need not exist as an entity.
    /// </summary>
    public sealed record CreateNumbered(string Kind, EntityId Scope, EntityBody Body) : Change
    {
        /// <summary>Attributes to set at once; <c>number</c> is the store's.</summary>
        public IReadOnlyDictionary<string, AttributeValue> Attributes { get; init; } = NoAttributes;
    }

    /// <summary>Replaces the body when the revision is the expected one, and raises it by 1. Named attributes are replaced, others stay.</summary>
    public sealed record Put(EntityId Id, long Revision, EntityBody Body) : Change
    {
        /// <summary>Attributes to set at once.</summary>
        public IReadOnlyDictionary<string, AttributeValue> Attributes { get; init; } = NoAttributes;
    }

    /// <summary>Removes the entity at the expected revision with its attributes, its points and all links from and to it. Events stay.</summary>
    public sealed record Delete(EntityId Id, long Revision) : Change;

    /// <summary>Sets an attribute, or removes it when <paramref name="Value"/> is null. The last writer wins.</summary>
    public sealed record Set(EntityId Id, string Name, AttributeValue? Value) : Change;

    /// <summary>Sets an attribute that must not change later: the same value again is fine and changes nothing, not even <see cref="Entity.Modified"/>; another is a conflict (<see cref="ConflictKind.Attribute"/>).</summary>
    public sealed record SetOnce(EntityId Id, string Name, AttributeValue Value) : Change;

    /// <summary>Sets <see cref="Entity.Modified"/> to the store's clock: a heartbeat.</summary>
    public sealed record Touch(EntityId Id) : Change;

    /// <summary>
    /// Appends metric points. A point that is identical in all its parts to a stored one may be kept once or twice. The attribute of the same name becomes the greatest by
    /// (step, timestamp, value), where NaN is greater than every number; an older point never replaces it. A value that was set otherwise gives way to the next point.
    /// </summary>
    public sealed record Append(EntityId Owner, IReadOnlyList<MetricPoint> Points) : Change;

    /// <summary>Links two entities, which must both exist. Idempotent.</summary>
    public sealed record Connect(Link Link) : Change;

    /// <summary>Removes a link; removing one that is not there is fine.</summary>
    public sealed record Disconnect(Link Link) : Change;

    /// <summary>Appends an event about an entity, which need not exist. Events cannot be changed or deleted.</summary>
    public sealed record Note(EntityId Subject, string Type, ReadOnlyMemory<byte> Body = default) : Change
    {
        /// <summary>The reason that a person gave, or null.</summary>
        public string? Why { get; init; }
    }

    private static readonly IReadOnlyDictionary<string, AttributeValue> NoAttributes = System.Collections.Frozen.FrozenDictionary<string, AttributeValue>.Empty;
}
