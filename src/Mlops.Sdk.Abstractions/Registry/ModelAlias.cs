namespace Mlops.Sdk.Registry;

/// <summary>An alias as it was read.</summary>
/// <param name="Model">The model.</param>
/// <param name="Alias">The alias.</param>
/// <param name="Version">The version that it points at.</param>
/// <param name="Revision">Grows with every move; what compare-and-set compares.</param>
/// <param name="Moved">When it was moved there, by the store's clock.</param>
public sealed record ModelAlias(string Model, string Alias, int Version, long Revision, DateTimeOffset Moved);

/// <summary>Something that happened to a model.</summary>
/// <param name="Position">The position in the change feed.</param>
/// <param name="At">When, by the store's clock.</param>
/// <param name="Actor">Who.</param>
/// <param name="Type">What, <c>version.registered</c>, <c>version.tagged</c> or <c>alias.moved</c>.</param>
/// <param name="Version">The version concerned.</param>
/// <param name="Alias">The alias, for a move.</param>
/// <param name="Why">The reason given, or null.</param>
public sealed record ModelEvent(long Position, DateTimeOffset At, string Actor, string Type, int Version, string? Alias, string? Why)
{
    /// <summary>The tag, for <c>version.tagged</c>.</summary>
    public string? Tag { get; init; }

    /// <summary>The version that the alias pointed at before, or null.</summary>
    public int? Previous { get; init; }
}
