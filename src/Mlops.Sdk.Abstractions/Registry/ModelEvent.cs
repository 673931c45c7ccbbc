namespace Mlops.Sdk.Registry;

/// <summary>Something that happened to a model. Events are never changed or deleted.</summary>
/// <param name="Position">The position in the change feed, which <see cref="IModelRegistry.WatchAsync"/> continues from.</param>
/// <param name="At">When, by the store's clock.</param>
/// <param name="Actor">Who.</param>
/// <param name="Type">
/// What: <c>version.registered</c>, <c>version.tagged</c>, <c>version.edited</c>, <c>version.deleted</c>, <c>version.restored</c>, <c>model.tagged</c>, <c>model.edited</c>,
/// <c>alias.moved</c>, <c>alias.removed</c>, <c>approval.requested</c>, <c>approval.approved</c> or <c>approval.rejected</c>. Later versions of the library add more.
/// </param>
/// <param name="Model">The model.</param>
public sealed record ModelEvent(long Position, DateTimeOffset At, string Actor, string Type, string Model)
{
    /// <summary>The version concerned; of a move, the one that the alias points at since. Null for what concerns the model, and for a removed alias.</summary>
    public int? Version { get; init; }

    /// <summary>The alias that was moved or removed, or null.</summary>
    public string? Alias { get; init; }

    /// <summary>The version that the alias pointed at before, or null.</summary>
    public int? Previous { get; init; }

    /// <summary>The tag that was set or removed, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>What was edited, <c>description</c> or <c>owner</c>; or null.</summary>
    public string? Field { get; init; }

    /// <summary>The reason given, or null.</summary>
    public string? Why { get; init; }
}
