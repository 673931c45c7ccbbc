namespace Mlops.Sdk.Metadata;

/// <summary>Changes that are applied together or not at all, in order.</summary>
/// <param name="Id">Makes a retry after an unknown outcome safe: the id of a committed changeset returns the first result and changes nothing, whatever the changeset holds now, for at least a day. An id whose changeset ended in a conflict is as good as new. Use <see cref="MlopsId.New"/>.</param>
/// <param name="Actor">Who did it; stored with every event.</param>
/// <param name="Changes">At least one, at most <see cref="StoreInfo.MaxChanges"/>.</param>
public sealed record Changeset(Guid Id, string Actor, IReadOnlyList<Change> Changes);

/// <summary>The outcome of a commit.</summary>
/// <param name="Position">The position of the commit in the change feed; grows with every commit. 0 when nothing was committed.</param>
/// <param name="At">The store's clock at the commit.</param>
/// <param name="Created">One id for each <see cref="Change.Create"/> and <see cref="Change.CreateNumbered"/>, in order; with the numbers that the store assigned.</param>
/// <param name="Conflicts">Empty when committed; else the first conflict of each change that had one.</param>
public sealed record CommitResult(long Position, DateTimeOffset At, IReadOnlyList<EntityId> Created, IReadOnlyList<Conflict> Conflicts)
{
    /// <summary>Whether the changes were applied.</summary>
    public bool Committed => Conflicts.Count == 0;
}

/// <summary>Why a changeset was not applied.</summary>
/// <param name="Change">The index of the change in the changeset.</param>
/// <param name="Id">The entity in question.</param>
/// <param name="Kind">What was wrong.</param>
/// <param name="ActualRevision">The revision found, or null when there is no such entity.</param>
/// <param name="Actual">The attribute value found, for <see cref="ConflictKind.Attribute"/>; null when it is absent.</param>
public sealed record Conflict(int Change, EntityId Id, ConflictKind Kind, long? ActualRevision = null, AttributeValue? Actual = null);

/// <summary>The kinds of conflict.</summary>
public enum ConflictKind
{
    /// <summary>It exists already.</summary>
    Exists,

    /// <summary>It does not exist.</summary>
    Missing,

    /// <summary>Its revision is another one.</summary>
    Revision,

    /// <summary>An attribute has another value.</summary>
    Attribute,

    /// <summary>It was modified since.</summary>
    Modified,
}
