using System.Runtime.CompilerServices;
using Mlops.Sdk;
using Mlops.Sdk.Metadata;

namespace CustomMetadataStore;

/// <summary>
/// Metadata in one append-only file of JSON lines, for one process at a time. A changeset is written and flushed before it is applied, so what a reader sees and what a caller was told survives a loss of power.
/// The state is a function of the file: opening it applies the same lines with the same times again, which gives the same results, conflicts too. Everything is held in memory, and the file only grows.
/// </summary>
public sealed class JournalMetadataStore(string path) : IMetadataStore, IAsyncDisposable
{
    private const int Version = 1;
    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly JournalClock clock = new();
    private InMemoryMetadataStore? index;
    private FileStream? file;
    private StoreInfo? info;

    public async Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default)
    {
        await writer.WaitAsync(cancellationToken);
        try
        {
            return info ??= await LoadAsync(cancellationToken);
        }
        finally
        {
            writer.Release();
        }
    }

    public async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        var limits = info ?? await OpenAsync(cancellationToken);

        // Central limits first: what breaks them must leave no trace.
        MetadataLimits.Validate(changeset, limits.MaxChanges);
        await writer.WaitAsync(cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = JournalJson.Write(new JournalLine(TimeProvider.System.GetUtcNow(), changeset));
            await AppendAsync(line);

            // From here on the commit has happened, so the token no longer counts. What is applied is what was written: the caller may change its buffers meanwhile.
            return await ApplyAsync(JournalJson.Read<JournalLine>(line));
        }
        finally
        {
            writer.Release();
        }
    }

    public async Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default) =>
        await (await IndexAsync(cancellationToken)).FindAsync(ids, parts, cancellationToken);

    public async Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default) =>
        await (await IndexAsync(cancellationToken)).QueryAsync(query, cancellationToken);

    public async Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default) =>
        await (await IndexAsync(cancellationToken)).CountAsync(kind, filter, workspace, atMost, cancellationToken);

    public async Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default) =>
        await (await IndexAsync(cancellationToken)).LinksAsync(query, cancellationToken);

    public async IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var point in (await IndexAsync(cancellationToken)).ReadPointsAsync(query, cancellationToken))
        {
            yield return point;
        }
    }

    public async Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default) =>
        await (await IndexAsync(cancellationToken)).ReadEventsAsync(query, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (file is not null)
        {
            await file.DisposeAsync();
        }

        writer.Dispose();
    }

    private async Task<InMemoryMetadataStore> IndexAsync(CancellationToken cancellationToken)
    {
        if (info is null)
        {
            await OpenAsync(cancellationToken);
        }

        return index!;
    }

    private async Task<StoreInfo> LoadAsync(CancellationToken cancellationToken)
    {
        index = new InMemoryMetadataStore(clock);
        var limits = await index.OpenAsync(cancellationToken);
        file?.Dispose();
        file = OpenFile();
        JournalHeader? header = null;
        long end = 0;
        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);

        // A line without its end was cut by a crash before anybody was told of it.
        for (int length; (length = bytes.Span[(int)end..].IndexOf((byte)'\n') + 1) > 0; end += length)
        {
            var line = bytes.Slice((int)end, length);
            try
            {
                if (header is null)
                {
                    header = Checked(JournalJson.Read<JournalHeader>(line));
                }
                else
                {
                    await ApplyAsync(JournalJson.Read<JournalLine>(line));
                }
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or NullReferenceException)
            {
                throw new CorruptedException($"The journal '{path}' is damaged at byte {end}. Restore the file from a backup. {e.Message}", e) { Store = "journal", Operation = "open" };
            }
        }

        file.SetLength(end);
        file.Position = end;
        if (header is null)
        {
            header = new(Version, MlopsId.New());
            await AppendAsync(JournalJson.Write(header));
        }

        return limits with { StoreId = header.StoreId, System = "journal", SchemaVersion = Version };
    }

    private JournalHeader Checked(JournalHeader header) => header.Version <= Version
        ? header
        : throw new MlopsException($"The journal '{path}' has version {header.Version}; this program reads up to {Version}. Update it.") { Store = "journal", Operation = "open" };

    private FileStream OpenFile()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MlopsException($"The journal '{path}' cannot be opened. Close the other process that holds it, or grant this one the right to write it. {e.Message}", e) { Store = "journal", Operation = "open", IsTransient = true };
        }
    }

    private async Task AppendAsync(byte[] line)
    {
        var before = file!.Position;
        try
        {
            await file.WriteAsync(line, CancellationToken.None);
            file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            // Half a line must not stand before the next one. If even this fails, the exception goes up and the file is repaired when it is opened again.
            file.SetLength(before);
            file.Position = before;
            throw new MlopsException($"The journal '{path}' cannot be written, so nothing was committed. Free some space on its disk. {e.Message}", e) { Store = "journal", Operation = "commit" };
        }
    }

    private async Task<CommitResult> ApplyAsync(JournalLine line)
    {
        clock.Pin(line.At);
        try
        {
            return await index!.CommitAsync(line.Changeset, CancellationToken.None);
        }
        finally
        {
            clock.Unpin();
        }
    }
}
