using System.Collections.Concurrent;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>
/// From an alias to its version in one read of the store. Remembers where aliases pointed only to guess which version to read along with the alias; a wrong guess costs a second read, never a wrong answer.
/// </summary>
internal sealed class AliasResolver(RegistrySpine spine)
{
    private const int MaxGuesses = 10_000;
    private readonly ConcurrentDictionary<(string Model, string Alias), (EntityId Alias, EntityId Version)> guesses = new();

    /// <summary>Null when the alias points nowhere.</summary>
    public async Task<ModelVersion?> ResolveAsync(string model, string alias, CancellationToken cancellationToken)
    {
        if (!guesses.TryGetValue((model, alias), out var ids))
        {
            ids = (AliasId(spine.Workspace, model, alias), VersionId(spine.Workspace, model, 1));
        }

        while (true)
        {
            var found = await spine.Store.FindAsync([ids.Alias, ids.Version], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
            if (found[0] is not { } entity || RegistryReader.Alias(entity) is not { } now)
            {
                return null;
            }

            var version = VersionId(spine.Workspace, model, now.Version);
            if (version == ids.Version)
            {
                return found[1] is { } target ? RegistryReader.Version(target) : null;
            }

            if (guesses.Count >= MaxGuesses)
            {
                guesses.Clear();
            }

            ids.Version = version;
            guesses[(model, alias)] = ids;
        }
    }
}
