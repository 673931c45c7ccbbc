namespace Mlops.Sdk.Registry;

/// <summary>An alias as it was read.</summary>
/// <param name="Model">The model.</param>
/// <param name="Alias">The alias.</param>
/// <param name="Version">The version that it points at.</param>
/// <param name="Revision">Grows with every move; what compare-and-set compares.</param>
/// <param name="Moved">When it was moved there, by the store's clock.</param>
public sealed record ModelAlias(string Model, string Alias, int Version, long Revision, DateTimeOffset Moved);
