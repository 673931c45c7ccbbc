using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace Mlops.Sdk.Artifacts;

/// <summary>
/// Artifacts as files: <c>{root}/sha256/ab/cd/{64 digits}</c>. Content is written under a temporary name, flushed, renamed, and its folder flushed, so that what was acknowledged survives a loss of power
/// and nothing half-written is ever visible. Any number of processes may share a root.
/// </summary>
public sealed class FileArtifactStore : IPrunableArtifactStore
{
    private const int BufferSize = 128 * 1024;
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>No deeper than objects lie, so that a link that leads back is not followed for ever.</summary>
    private static readonly EnumerationOptions Depth = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
    private readonly string root;
    private readonly string objects;
    private readonly string temporary;
    private readonly TimeProvider clock;
    private readonly FileSync sync;
    private readonly FilePruning pruning;
    private readonly ConcurrentDictionary<string, bool> durableFolders = new(StringComparer.Ordinal);

    /// <summary>A store under <see cref="FileArtifactOptions.Root"/>. Does no I/O; <see cref="OpenAsync"/> makes the folder.</summary>
    public FileArtifactStore(IOptions<FileArtifactOptions> options, TimeProvider? clock = null)
        : this((options ?? throw new ArgumentNullException(nameof(options))).Value.Root, clock, new FileSync())
    {
    }

    internal FileArtifactStore(string root, TimeProvider? clock, FileSync sync)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        (this.root, this.clock, this.sync) = (Path.GetFullPath(root), clock ?? TimeProvider.System, sync);
        (objects, temporary) = (Path.Combine(this.root, "sha256"), Path.Combine(this.root, "tmp"));
        pruning = new(temporary, sync);
    }

    /// <summary>Makes the folder, checks that it can be written and read, and removes temporary files that dead processes left more than a day ago.</summary>
    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            EnsureFolder(objects);
            EnsureFolder(temporary);
            var probe = TemporaryName();
            File.WriteAllBytes(probe, [1]);
            _ = File.ReadAllBytes(probe);
            File.Delete(probe);
            foreach (var (digest, file) in pruning.Unfinished())
            {
                EnsureFolder(Path.GetDirectoryName(PathOf(digest))!);
                pruning.PutBack(file, PathOf(digest));
            }

            foreach (var file in new DirectoryInfo(temporary).EnumerateFiles().Where(f => clock.GetUtcNow() - f.LastWriteTimeUtc > Abandoned))
            {
                file.Delete();
            }
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Wrap(e, root, "open");
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        cancellationToken.ThrowIfCancellationRequested();
        var name = TemporaryName();
        try
        {
            var stored = await WriteAsync(name, content, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            Guard("put", () =>
            {
                var path = PathOf(stored.Digest);
                EnsureFolder(Path.GetDirectoryName(path)!);
                sync.Rename(name, path);
                sync.Folder(Path.GetDirectoryName(path)!);
            });
            return stored;
        }
        finally
        {
            TryDelete(name);
        }
    }

    /// <inheritdoc/>
    public Task<ArtifactRef?> FindAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = new FileInfo(PathOf(digest));
        return Task.FromResult(file.Exists ? new ArtifactRef(digest, file.Length) : null);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(digest);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return Task.FromResult<Stream>(new VerifyingStream(file, digest, file.Length, path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NotFoundException($"There is no artifact {digest} under '{root}'. Store it first, or point Mlops:Artifacts:Root at the store that holds it.", e) { Store = "files", Operation = "read" };
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Wrap(e, root, "read");
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(digest);
        var name = TemporaryName();
        try
        {
            if (!Directory.Exists(temporary) && File.Exists(path))
            {
                EnsureFolder(temporary);
            }

            // Of several deleters, the renaming lets exactly one succeed.
            File.Move(path, name);
            sync.Folder(Path.GetDirectoryName(path)!);
            File.Delete(name);
            return Task.FromResult(true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(false);
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Wrap(e, root, "delete");
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactRef> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var put in ListPutsAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return put.Artifact;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PutArtifact> ListPutsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = new DirectoryInfo(objects);
        foreach (var file in folder.Exists ? folder.EnumerateFiles("*", Depth) : [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Digest.TryParse("sha256:" + file.Name, out var digest) && file.FullName == PathOf(digest) && file.Exists)
            {
                yield return new(new(digest, file.Length), file.LastWriteTimeUtc);
            }
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <remarks>Every put writes a new file, whose time of writing is the time of the put.</remarks>
    /// <inheritdoc/>
    public Task<bool> PruneAsync(Digest digest, DateTimeOffset notPutSince, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            EnsureFolder(temporary);
            return Task.FromResult(pruning.Prune(digest, PathOf(digest), notPutSince));
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Wrap(e, root, "prune");
        }
    }

    private async Task<ArtifactRef> WriteAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var file = Create(name);
            long length = 0;
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                hash.AppendData(buffer.AsSpan(0, count));
                try
                {
                    await RandomAccess.WriteAsync(file, buffer.AsMemory(0, count), length, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (FileFailure.Is(e))
                {
                    throw FileFailure.Wrap(e, root, "put");
                }

                length += count;
            }

            Guard("put", () => sync.File(file, name));
            return new(Digest.FromHash(hash.GetHashAndReset()), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private SafeFileHandle Create(string name)
    {
        try
        {
            if (!Directory.Exists(temporary))
            {
                EnsureFolder(temporary);
            }

            return File.OpenHandle(name, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous);
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Wrap(e, root, "put");
        }
    }

    private void Guard(string operation, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Wrap(e, root, operation);
        }
    }

    /// <summary>Makes a folder and every folder above it within the root durable. Another process may have made it and not flushed it yet, so this process does so once.</summary>
    private void EnsureFolder(string path)
    {
        if (durableFolders.ContainsKey(path) && Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path)!;
        if (path.Length > root.Length)
        {
            EnsureFolder(parent);
        }

        Directory.CreateDirectory(path);
        sync.Folder(parent);
        durableFolders[path] = true;
    }

    private string PathOf(Digest digest)
    {
        var hex = digest.Hex;
        return Path.Combine(objects, hex[..2], hex[2..4], hex);
    }

    private string TemporaryName() => Path.Combine(temporary, MlopsId.NewKey());

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            // The failure that led here is the one to report; opening the store removes what is left after a day.
        }
    }
}
