namespace Mlops.Sdk.Metadata;

/// <summary>A snapshot of one entity. The store never changes it afterwards.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Revision">1 after the creation, plus 1 for each <see cref="Change.Put"/>. Commuting changes leave it alone.</param>
/// <param name="Body">The record that the owning capability wrote.</param>
/// <param name="Created">When it was created, by the store's clock.</param>
/// <param name="Modified">When it was last created, put, set or touched, by the store's clock. Appended points, links and events do not count.</param>
/// <param name="AsOf">The store's clock when this snapshot was read.</param>
/// <param name="Attributes">Attributes by name, or null unless <see cref="EntityParts.Attributes"/> was asked for. Holds the latest value of every metric.</param>
public sealed record Entity(
    EntityId Id,
    long Revision,
    EntityBody Body,
    DateTimeOffset Created,
    DateTimeOffset Modified,
    DateTimeOffset AsOf,
    IReadOnlyDictionary<string, AttributeValue>? Attributes);

/// <summary>The record inside an entity, opaque to the store.</summary>
/// <param name="Version">The record version, at least 1; the capability upgrades older ones on read.</param>
/// <param name="Bytes">At most <see cref="StoreInfo.MaxBodyBytes"/>; larger content belongs in the artifact store. Empty when <see cref="EntityParts.Body"/> was not asked for.</param>
public readonly record struct EntityBody(int Version, ReadOnlyMemory<byte> Bytes);

/// <summary>What a read returns beside id, revision and times.</summary>
[Flags]
public enum EntityParts
{
    /// <summary>Id, revision and times only.</summary>
    None = 0,

    /// <summary>The record.</summary>
    Body = 1,

    /// <summary>All attributes.</summary>
    Attributes = 2,
}
