namespace Mlops.Sdk.Metadata;

/// <summary>What a store says about itself when it is opened.</summary>
/// <param name="StoreId">Identifies this store for ever; made when it was created.</param>
/// <param name="System">For example <c>sqlite</c>.</param>
/// <param name="SchemaVersion">The version of the physical schema.</param>
/// <param name="MaxChanges">The most changes in one changeset, at least 1,000.</param>
/// <param name="MaxBodyBytes">The longest body, at least 16,384.</param>
/// <param name="MaxTextBytes">The longest text attribute in UTF-8, at least 16,384.</param>
public sealed record StoreInfo(Guid StoreId, string System, int SchemaVersion, int MaxChanges, int MaxBodyBytes, int MaxTextBytes);
