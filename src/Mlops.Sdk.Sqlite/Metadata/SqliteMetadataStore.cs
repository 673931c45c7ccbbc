using System.Runtime.CompilerServices;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// Metadata in one SQLite file on a local disk: durable, embedded, shared by the processes of one machine. Opens itself at the first call; nothing is touched before.
/// Commits of this process are grouped: everything that waits shares one transaction and one sync to the disk. Readers never wait for writers.
/// </summary>
public sealed class SqliteMetadataStore : IMetadataStore, IAsyncDisposable, IDisposable
{
    private const int MaxChanges = 100_000;
    private const int PointPage = 5_000;
    private const int FewIds = 8;
    private readonly SqliteMetadataOptions options;
    private readonly TimeProvider clock;
    private readonly SqliteFile file;
    private readonly SqliteReaders readers;
    private readonly SqliteNames names = new();
    private readonly SemaphoreSlim opening = new(1, 1);
    private volatile StoreInfo? info;
    private volatile SqliteWriter? writer;
    private volatile TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool disposed;

    /// <summary>A store on the file that the options name. Does no I/O.</summary>
    /// <param name="options">The options; a relative path is taken from the working directory.</param>
    /// <param name="clock">The store's clock; null for the system's.</param>
    public SqliteMetadataStore(SqliteMetadataOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.clock = clock ?? TimeProvider.System;
        file = new(options);
        readers = new(file);
    }

    internal SqliteQueryLimits Limits { get; init; } = new();

    /// <inheritdoc/>
    public async Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (info is { } opened)
        {
            return opened;
        }

        await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return info ??= await Task.Run(() => OpenFileAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            opening.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(changeset, MaxChanges);
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await (writer ?? throw new ObjectDisposedException(nameof(SqliteMetadataStore))).CommitAsync(changeset, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ReadAsync<IReadOnlyList<Entity?>>("find", (connection, reader) => [.. ids.Select(id => reader.Find(id, parts))], cancellationToken, here: ids.Count <= FewIds);
    }

    /// <inheritdoc/>
    public Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(query);
        var token = PageToken.Describe(query);
        var after = PageToken.Read(query.After, token);
        var order = query.Order is [var only] ? only : null;
        return ReadAsync<Page<Entity>>(
            "query",
            (connection, reader) =>
            {
                if (names.FindKind(connection, query.Workspace, query.Kind) is not { } kind)
                {
                    return new([], null, reader.AsOf);
                }

                var rows = new SqliteQuery(connection, names, kind, query.Filter, Limits).Select(order, after, query.Limit + 1);
                var next = rows.Count > query.Limit ? rows[query.Limit - 1].Write(token) : null;
                return new(reader.Get(rows.Take(query.Limit).Select(row => row.Sequence), query.Parts), next, reader.AsOf);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(filter);
        return ReadAsync(
            "count",
            (connection, _) => names.FindKind(connection, workspace, kind) is { } id ? Math.Min(atMost, new SqliteQuery(connection, names, id, filter, Limits).Count(atMost)) : 0,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(query);
        return ReadAsync("read links", (_, reader) => reader.Links(query), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Read in pages, so that a slow reader keeps no snapshot open: points that arrive meanwhile behind the position that was reached are not seen.</remarks>
    public async IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var series = await ReadAsync("read points", (connection, reader) => SqlitePointReader.Find(connection, names, reader, query), cancellationToken).ConfigureAwait(false);
        MetricPoint? last = null;
        while (series is { } found)
        {
            var after = last;
            var page = await ReadAsync("read points", (connection, _) => SqlitePointReader.Page(connection, found, query, after, PointPage), cancellationToken).ConfigureAwait(false);
            foreach (var point in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return point;
            }

            if (page.Count < PointPage)
            {
                yield break;
            }

            last = page[^1];
        }
    }

    /// <inheritdoc/>
    public async Task<Page<StoredEvent>> ReadEventsAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(query);
        var started = clock.GetTimestamp();
        while (true)
        {
            var changed = news.Task;
            var page = await ReadAsync(
                "read events",
                (connection, reader) => new Page<StoredEvent>(SqliteEventReader.Read(connection, names, query, query.AfterPosition), null, reader.AsOf),
                cancellationToken).ConfigureAwait(false);
            var left = query.Wait - clock.GetElapsedTime(started);
            if (page.Items.Count > 0 || left <= TimeSpan.Zero)
            {
                return page;
            }

            // A commit of this process wakes it; one of another process is found by the poll.
            await changed.WaitAsync(left < options.EventPollInterval ? left : options.EventPollInterval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Copies the database in one snapshot while this and other processes go on writing. The copy is an SQLite database like the original; to go back to it, stop the processes, delete the original with its <c>-wal</c> and <c>-shm</c>
    /// files, and give the copy its name.
    /// </summary>
    /// <param name="path">The copy. It is there as a whole or not at all, and then on the disk; what had the name is replaced.</param>
    /// <param name="cancellationToken">Stops; then there is no copy.</param>
    /// <exception cref="MlopsException">The copy could not be written, for example because its disk is full.</exception>
    public async Task BackupAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        await Task.Run(() => file.BackUp(path, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the whole database and looks for damage and for what contradicts itself, such as a link without an end. As slow as the file is large; others go on writing.</summary>
    /// <returns>What is wrong, one sentence each, and then a backup should be restored; empty when nothing is wrong.</returns>
    /// <exception cref="CorruptedException">The file is too damaged to be read.</exception>
    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<string>>("check", (connection, _) => SqliteCheck.Run(connection), cancellationToken);

    /// <summary>Finishes the commits that wait, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        disposed = true;
        await opening.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Interlocked.Exchange(ref writer, null) is { } last)
            {
                await last.DisposeAsync().ConfigureAwait(false);
            }

            readers.Dispose();
        }
        finally
        {
            opening.Release();
        }
    }

    /// <summary>As <see cref="DisposeAsync"/>, for containers that are not disposed asynchronously; blocks until the last commit is on the disk.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<T> ReadAsync<T>(string operation, Func<SqliteConnectionHandle, SqliteEntityReader, T> read, CancellationToken cancellationToken, bool here = false)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await readers.ReadAsync(operation, connection => read(connection, new(connection, names, clock)), cancellationToken, here).ConfigureAwait(false);
    }

    private async Task<StoreInfo> OpenFileAsync(CancellationToken cancellationToken)
    {
        var connection = file.OpenWriter();
        try
        {
            var (id, version) = await file.PrepareAsync(connection, cancellationToken).ConfigureAwait(false);
            writer = new(file, connection, new(connection, names, clock), options.PointDurability == SqliteDurability.Normal, Announce);
            return new(id, SqliteErrors.Store, version, MaxChanges, MetadataLimits.InlineBytes, MetadataLimits.InlineBytes);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Announce() => Interlocked.Exchange(ref news, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
