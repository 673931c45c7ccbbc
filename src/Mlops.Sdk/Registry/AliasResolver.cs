using System.Collections.Concurrent;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>
/// From an alias to its version in one read of the store, in one snapshot. What was read once is used again as long as the store says that neither alias nor version has changed since:
/// every change of either grows its revision or its time of modification. So the store is always asked, but bodies and attributes are read once.
/// </summary>
internal sealed class AliasResolver(RegistrySpine spine)
{
    private const int MaxKnown = 10_000;
    private readonly ConcurrentDictionary<(string Model, string Alias), Known> known = new();

    /// <summary>Null when the alias points nowhere.</summary>
    public async Task<ModelVersion?> ResolveAsync(string model, string alias, CancellationToken cancellationToken)
    {
        EntityId[] ids;
        if (known.TryGetValue((model, alias), out var remembered))
        {
            ids = remembered.Ids;
            var now = await spine.Store.FindAsync(ids, EntityParts.None, cancellationToken).ConfigureAwait(false);
            if (Stamp.Of(now[0]) == remembered.Alias && Stamp.Of(now[1]) == remembered.Target)
            {
                return remembered.Version;
            }
        }
        else
        {
            ids = [AliasId(spine.Workspace, model, alias), VersionId(spine.Workspace, model, 1)];
        }

        while (true)
        {
            var found = await spine.Store.FindAsync(ids, EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
            if (found[0] is not { } entity || RegistryReader.Alias(entity) is not { } now)
            {
                return null;
            }

            var target = VersionId(spine.Workspace, model, now.Version);
            if (target == ids[1])
            {
                var version = found[1] is { } read ? RegistryReader.Version(read) : null;
                Remember(model, alias, new(ids, Stamp.Of(entity), Stamp.Of(found[1]), version));
                return version;
            }

            ids = [ids[0], target];
        }
    }

    private void Remember(string model, string alias, Known now)
    {
        if (known.Count >= MaxKnown)
        {
            known.Clear();
        }

        known[(model, alias)] = now;
    }

    /// <summary>What an entity has of its own in every state.</summary>
    private readonly record struct Stamp(long Revision, DateTimeOffset Created, DateTimeOffset Modified)
    {
        public static Stamp? Of(Entity? entity) => entity is null ? null : new(entity.Revision, entity.Created, entity.Modified);
    }

    private sealed record Known(EntityId[] Ids, Stamp? Alias, Stamp? Target, ModelVersion? Version);
}
