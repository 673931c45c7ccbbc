namespace Mlops.Sdk.Artifacts;

/// <summary>Short forms over <see cref="IArtifactStore"/>. Whatever they return was verified to its last byte.</summary>
public static class ArtifactStoreExtensions
{
    /// <summary>The most bytes that <see cref="ReadBytesAsync"/> takes into memory unless told otherwise: 64 MiB.</summary>
    public const int DefaultMaxLength = 64 * 1024 * 1024;

    /// <summary>Stores bytes.</summary>
    public static async Task<ArtifactRef> PutBytesAsync(this IArtifactStore store, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var stream = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
        return await store.PutAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a whole object into memory.</summary>
    /// <exception cref="NotFoundException">There is no such object.</exception>
    /// <exception cref="CorruptedException">Its bytes are not what was stored.</exception>
    /// <exception cref="MlopsException">It is longer than <paramref name="maxLength"/>.</exception>
    public static async Task<byte[]> ReadBytesAsync(this IArtifactStore store, Digest digest, int maxLength = DefaultMaxLength, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        var stream = await store.OpenReadAsync(digest, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var content = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                if (content.Length + read > maxLength)
                {
                    throw new MlopsException($"The artifact {digest} is longer than {maxLength} bytes. Read it as a stream with OpenReadAsync, or allow more.") { Operation = "read" };
                }

                content.Write(buffer, 0, read);
            }

            return content.ToArray();
        }
    }

    /// <summary>Stores a manifest. The objects that it names must have been stored before.</summary>
    public static Task<ArtifactRef> PutManifestAsync(this IArtifactStore store, ArtifactManifest manifest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return store.PutBytesAsync(manifest.ToBytes(), cancellationToken);
    }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="NotFoundException">There is no such object.</exception>
    /// <exception cref="CorruptedException">Its bytes are not what was stored, or not a manifest.</exception>
    public static async Task<ArtifactManifest> ReadManifestAsync(this IArtifactStore store, Digest digest, CancellationToken cancellationToken = default) =>
        ArtifactManifest.Parse(await store.ReadBytesAsync(digest, cancellationToken: cancellationToken).ConfigureAwait(false));

    /// <summary>Stores every file of a folder and of the folders in it, then the manifest that names them. Empty folders are not kept.</summary>
    /// <returns>The manifest; its digest is the address of the folder.</returns>
    /// <exception cref="ArgumentException">A name in the folder is refused by <see cref="ArtifactPath"/>, or a file or folder in it is a link.</exception>
    public static async Task<ArtifactManifest> PutFolderAsync(this IArtifactStore store, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var entries = new List<ArtifactEntry>();
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        foreach (var file in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", all))
        {
            var path = Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (file.LinkTarget is not null)
            {
                throw new ArgumentException($"'{path}' in '{folder}' is a link, whose target may be anywhere. Replace it by a copy.", nameof(folder));
            }

            if (file is FileInfo)
            {
                ArtifactPath.Validate(path);
                var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
                await using (content.ConfigureAwait(false))
                {
                    var stored = await store.PutAsync(content, cancellationToken).ConfigureAwait(false);
                    entries.Add(new(path, stored.Digest, stored.Length));
                }
            }
        }

        var manifest = new ArtifactManifest(entries);
        await store.PutManifestAsync(manifest, cancellationToken).ConfigureAwait(false);
        return manifest;
    }

    /// <summary>Writes a stored folder to disk: all of it, verified, or nothing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="manifest">The digest of the manifest.</param>
    /// <param name="folder">The folder to make, which must not exist.</param>
    /// <param name="cancellationToken">Cancels; nothing is left then.</param>
    /// <exception cref="IOException">The folder exists, or cannot be written.</exception>
    /// <exception cref="NotFoundException">The manifest, or an object that it names, is not in the store.</exception>
    /// <exception cref="CorruptedException">The bytes of one are not what was stored.</exception>
    public static async Task WriteFolderAsync(this IArtifactStore store, Digest manifest, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Path.Exists(target))
        {
            throw new IOException($"'{target}' exists already. Name a folder that does not.");
        }

        var entries = (await store.ReadManifestAsync(manifest, cancellationToken).ConfigureAwait(false)).Entries;
        var temporary = target + ".tmp-" + MlopsId.NewKey();
        try
        {
            Directory.CreateDirectory(temporary);
            foreach (var entry in entries)
            {
                var path = Path.Combine(temporary, entry.Path.Replace('/', Path.DirectorySeparatorChar));
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var source = await store.OpenReadAsync(entry.Digest, cancellationToken).ConfigureAwait(false);
                var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
                await using (source.ConfigureAwait(false))
                await using (file.ConfigureAwait(false))
                {
                    await source.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                    file.Flush(flushToDisk: true);
                }
            }

            Directory.Move(temporary, target);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }
}
