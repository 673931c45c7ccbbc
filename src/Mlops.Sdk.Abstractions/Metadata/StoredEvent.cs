namespace Mlops.Sdk.Metadata;

/// <summary>An event as it was committed.</summary>
/// <param name="Position">Strictly grows from event to event in commit order.</param>
/// <param name="At">The store's clock at the commit.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Subject">The entity that it is about.</param>
/// <param name="Type">What happened, for example <c>alias.moved</c>.</param>
/// <param name="Why">The reason that a person gave, or null.</param>
/// <param name="Body">The capability's record of it.</param>
public sealed record StoredEvent(long Position, DateTimeOffset At, string Actor, EntityId Subject, string Type, string? Why, ReadOnlyMemory<byte> Body);

/// <summary>Selects events after a position.</summary>
public sealed record EventQuery
{
    /// <summary>Events after this position; 0 from the beginning.</summary>
    public long AfterPosition { get; init; }

    /// <summary>Only events about entities of these kinds; empty for all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>Only events about this entity, or null.</summary>
    public EntityId? Subject { get; init; }

    /// <summary>At most this many, 1 to 1,000.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>How long to wait for the first one when there is none.</summary>
    public TimeSpan Wait { get; init; }
}
