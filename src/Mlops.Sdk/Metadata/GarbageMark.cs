using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Metadata;

/// <summary>Every digest that something which stays names: entities by their records, attributes and links, and objects by their bytes (manifests, reports, outputs of steps).</summary>
internal sealed class GarbageMark(IMetadataStore store, IArtifactStore artifacts, GarbageScope scope, Func<EntityId, bool> isDoomed)
{
    /// <summary>An object is read for names when it is no longer than this, or begins as JSON does. Everything of the SDK that names others is JSON.</summary>
    private const int AlwaysRead = 1024 * 1024;
    private readonly HashSet<UInt128> live = [];
    private readonly List<(EntityId Id, long Revision)> loose = [];
    private Dictionary<UInt128, List<ArtifactRef>> unread = [];

    public bool IsLive(Digest digest) => live.Contains(DigestScanner.Half(digest));

    /// <summary>The artifact entities that nothing which stays links to.</summary>
    public IReadOnlyList<(EntityId Id, long Revision)> Loose => loose;

    public async Task ReadEntitiesAsync(CancellationToken cancellationToken)
    {
        var scanner = new DigestScanner(half => live.Add(half));
        foreach (var workspace in scope.Workspaces)
        {
            foreach (var kind in GarbageScope.ContentKinds)
            {
                await foreach (var page in GarbageScope.PagesAsync(store, new(kind) { Workspace = workspace, Limit = 500, Parts = EntityParts.None }, cancellationToken).ConfigureAwait(false))
                {
                    await ReadContentAsync(page.Items, cancellationToken).ConfigureAwait(false);
                }
            }

            foreach (var kind in scope.Kinds)
            {
                await foreach (var page in GarbageScope.PagesAsync(store, new(kind) { Workspace = workspace, Limit = 500, Parts = EntityParts.Body | EntityParts.Attributes }, cancellationToken).ConfigureAwait(false))
                {
                    foreach (var entity in page.Items.Where(entity => !isDoomed(entity.Id)))
                    {
                        scanner.Add(entity.Body.Bytes.Span);
                        scanner.End();
                        scanner.Add(entity.Id.Key);
                        foreach (var text in entity.Attributes!.Values.Select(value => value.Text).OfType<string>())
                        {
                            scanner.Add(text);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Follows what live objects name.</summary>
    /// <param name="objects">All objects of the store.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task ReadObjectsAsync(IEnumerable<ArtifactRef> objects, CancellationToken cancellationToken)
    {
        unread = objects.GroupBy(o => DigestScanner.Half(o.Digest)).ToDictionary(group => group.Key, group => group.ToList());
        return FollowAsync([.. live], cancellationToken);
    }

    /// <summary>Learns late that something is named, and follows what that names.</summary>
    public Task AddAsync(IEnumerable<Digest> digests, CancellationToken cancellationToken)
    {
        var fresh = digests.Select(DigestScanner.Half).Where(live.Add).ToList();
        return FollowAsync(fresh, cancellationToken);
    }

    private async Task FollowAsync(IReadOnlyCollection<UInt128> from, CancellationToken cancellationToken)
    {
        var next = new Queue<UInt128>(from);
        var scanner = new DigestScanner(half =>
        {
            if (live.Add(half))
            {
                next.Enqueue(half);
            }
        });
        while (next.TryDequeue(out var half))
        {
            if (unread.Remove(half, out var found))
            {
                foreach (var artifact in found)
                {
                    await ReadObjectAsync(artifact, scanner, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task ReadContentAsync(IReadOnlyList<Entity> entities, CancellationToken cancellationToken)
    {
        HashSet<EntityId> linked = [];
        await foreach (var link in GarbageScope.LinksInAsync(store, [.. entities.Select(entity => entity.Id)], cancellationToken).ConfigureAwait(false))
        {
            if (!isDoomed(link.From))
            {
                linked.Add(link.To);
            }
        }

        foreach (var entity in entities)
        {
            if (linked.Contains(entity.Id) && Digest.TryParse(entity.Id.Key, out var digest))
            {
                live.Add(DigestScanner.Half(digest));
            }
            else if (entity.Id.Kind == ArtifactEntity.Kind)
            {
                loose.Add((entity.Id, entity.Revision));
            }
        }
    }

    private async Task ReadObjectAsync(ArtifactRef artifact, DigestScanner scanner, CancellationToken cancellationToken)
    {
        try
        {
            var content = await artifacts.OpenReadAsync(artifact.Digest, cancellationToken).ConfigureAwait(false);
            await using var _ = content.ConfigureAwait(false);
            var buffer = new byte[64 * 1024];
            var first = true;
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                if (first && artifact.Length > AlwaysRead && !IsJson(buffer.AsSpan(0, count)))
                {
                    return;
                }

                first = false;
                scanner.Add(buffer.AsSpan(0, count));
            }

            scanner.End();
        }
        catch (NotFoundException)
        {
            // Removed by somebody since it was listed.
        }
        catch (CorruptedException e)
        {
            throw new CorruptedException($"The artifact {artifact.Digest} is in use but damaged, so what it names cannot be seen, and no bytes are removed. Put its original again, or remove it with DeleteAsync if nothing needs it.", e);
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> bytes) => bytes.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];
}
