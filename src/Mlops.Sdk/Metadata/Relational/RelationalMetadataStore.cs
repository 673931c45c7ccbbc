using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// Metadata in a relational database that many processes and machines share. Opens itself at the first call; nothing is touched before. Commits take one lock in the database, so that their order, their
/// times (the server's clock) and their positions agree; those of one process that wait together share a transaction. Readers never wait for writers. Thread-safe.
/// </summary>
public sealed class RelationalMetadataStore : IMetadataStore, IAsyncDisposable, IDisposable
{
    private const int MaxChanges = 100_000;
    private const int PointPage = 5_000;
    private readonly ISqlDialect dialect;
    private readonly RelationalMetadataOptions options;
    private readonly TimeProvider clock;
    private readonly SqlDatabase database;
    private readonly SqlNames names;
    private readonly SqlCommitter committer;
    private readonly SqlFeed feed;
    private readonly SqlPurge purge;
    private readonly SqlOpening opening;
    private volatile bool disposed;

    /// <summary>A store in a database. Does no I/O.</summary>
    /// <param name="source">Where connections come from; stays the caller's.</param>
    /// <param name="dialect">The database's SQL, with the schema to use.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="clock">What waiting is measured by; null for the system's. The store's times are the server's.</param>
    public RelationalMetadataStore(DbDataSource source, ISqlDialect dialect, RelationalMetadataOptions? options = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(dialect);
        this.dialect = dialect;
        this.options = options ?? new();
        this.clock = clock ?? TimeProvider.System;
        database = new(source, dialect, this.options.RetryFor, this.clock);
        names = new(dialect);
        feed = new(source, dialect, this.clock);
        purge = new(dialect, database);
        opening = new(dialect, database, this.options.Migrate);
        committer = new(dialect, names, database, Committed);
    }

    /// <inheritdoc/>
    public async Task<StoreInfo> OpenAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var id = await opening.OpenAsync(cancellationToken).ConfigureAwait(false);
        return new(id, dialect.Name, SqlSchema.Version, MaxChanges, MetadataLimits.InlineBytes, MetadataLimits.InlineBytes);
    }

    /// <summary>The statements that create the store in an empty database, for those who may not let a program do it.</summary>
    public static IReadOnlyList<string> Script(ISqlDialect dialect) => SqlOpening.Script(dialect);

    /// <inheritdoc/>
    public async Task<CommitResult> CommitAsync(Changeset changeset, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(changeset, MaxChanges);
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await committer.CommitAsync(changeset, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Entity?>> FindAsync(IReadOnlyList<EntityId> ids, EntityParts parts = EntityParts.Body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        await OpenAsync(cancellationToken).ConfigureAwait(false);

        // One statement is a snapshot of its own; names that are to be read first take two, which must see the same.
        var alone = !parts.HasFlag(EntityParts.Attributes) && ids.Count == 1 && names.TryKind(ids[0].Workspace, ids[0].Kind, out _);
        var found = alone ? await database.ReadOneAsync("find", ReadAsync, cancellationToken).ConfigureAwait(false) : await database.ReadAsync("find", ReadAsync, cancellationToken).ConfigureAwait(false);
        return [.. ids.Select(id => found.GetValueOrDefault(id))];

        async Task<Dictionary<EntityId, Entity>> ReadAsync(SqlSession session, CancellationToken token)
        {
            // What cannot exist would be refused by some databases.
            var sought = ids.Where(MetadataLimits.CanExist).ToList();
            if (sought.Any(id => !names.TryKind(id.Workspace, id.Kind, out _)))
            {
                await names.RefreshAsync(session, token).ConfigureAwait(false);
            }

            var reader = new SqlEntityReader(dialect, names, parts);
            reader.ByIds(sought);
            await reader.ReadAsync(session, token).ConfigureAwait(false);
            return reader.ById();
        }
    }

    /// <inheritdoc/>
    public async Task<Page<Entity>> QueryAsync(EntityQuery query, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(query);
        var token = PageToken.Describe(query);
        var after = PageToken.Read(query.After, token);
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.ReadAsync(
            "query",
            async (session, cancel) =>
            {
                var rows = await SelectAsync(session, query, after, cancel).ConfigureAwait(false);
                var reader = new SqlEntityReader(dialect, names, query.Parts);
                reader.BySequences(rows.Take(query.Limit).Select(row => row.Sequence));
                await reader.ReadAsync(session, cancel).ConfigureAwait(false);
                var entities = reader.BySequence();
                var next = rows.Count > query.Limit ? rows[query.Limit - 1].Write(token) : null;
                return new Page<Entity>([.. rows.Take(query.Limit).Select(row => entities[row.Sequence])], next, reader.AsOf);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<long> CountAsync(string kind, EntityFilter? filter = null, string workspace = EntityId.DefaultWorkspace, long atMost = long.MaxValue, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(filter);
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.ReadAsync(
            "count",
            async (session, cancel) => await KindAsync(session, workspace, kind, filter, [], cancel).ConfigureAwait(false) is { } id
                ? Math.Min(atMost, await new SqlQuery(dialect, session, names, id, filter).CountAsync(atMost, cancel).ConfigureAwait(false))
                : 0,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Page<Link>> LinksAsync(LinkQuery query, CancellationToken cancellationToken = default)
    {
        MetadataLimits.Validate(query);
        var token = PageToken.Describe(query);
        var after = PageToken.Read(query.After, token);
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await database.ReadAsync(
            "read links",
            async (session, cancel) =>
            {
                var rows = await new SqlReads(dialect, names, session, cancel).LinksAsync(query, after).ConfigureAwait(false);
                var next = rows.Count > query.Limit ? rows[query.Limit - 1].Place.Write(token) : null;
                return new Page<Link>([.. rows.Take(query.Limit).Select(row => row.Link)], next, await AsOfAsync(session, cancel).ConfigureAwait(false));
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Read in pages, so that a slow reader keeps no snapshot open: points that arrive meanwhile behind the position that was reached are not seen.</remarks>
    public async IAsyncEnumerable<MetricPoint> ReadPointsAsync(PointQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        var series = await database.ReadAsync("read points", (session, cancel) => new SqlReads(dialect, names, session, cancel).SeriesAsync(query), cancellationToken).ConfigureAwait(false);
        MetricPoint? last = null;
        while (series is { } found)
        {
            var after = last;
            var page = await database.ReadOneAsync(
                "read points", (session, cancel) => new SqlReads(dialect, names, session, cancel).PointsAsync(found, query, after, PointPage), cancellationToken).ConfigureAwait(false);
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
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        var started = clock.GetTimestamp();
        while (true)
        {
            var news = feed.Next;
            var page = await database.ReadAsync(
                "read events",
                async (session, cancel) =>
                {
                    var events = await new SqlReads(dialect, names, session, cancel).EventsAsync(query).ConfigureAwait(false);
                    return new Page<StoredEvent>(events, null, await AsOfAsync(session, cancel).ConfigureAwait(false));
                },
                cancellationToken).ConfigureAwait(false);
            var left = query.Wait - clock.GetElapsedTime(started);
            if (page.Items.Count > 0 || left <= TimeSpan.Zero)
            {
                return page;
            }

            await feed.WaitAsync(news, left < options.EventPollInterval ? left : options.EventPollInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finishes the commits that wait. The data source stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref disposed, true))
        {
            await committer.DisposeAsync().ConfigureAwait(false);
            await feed.DisposeAsync().ConfigureAwait(false);
            await purge.DisposeAsync().ConfigureAwait(false);
            opening.Dispose();
        }
    }

    /// <summary>As <see cref="DisposeAsync"/>, for containers that are not disposed asynchronously; blocks until the last commit is done.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<List<PageToken>> SelectAsync(SqlSession session, EntityQuery query, PageToken? after, CancellationToken cancellationToken) =>
        await KindAsync(session, query.Workspace, query.Kind, query.Filter, query.Order, cancellationToken).ConfigureAwait(false) is { } kind
            ? await new SqlQuery(dialect, session, names, kind, query.Filter).SelectAsync(query.Order is [var only] ? only : null, after, query.Limit + 1, cancellationToken).ConfigureAwait(false)
            : [];

    /// <summary>The number of a kind, after making sure that the names of a query are known if they exist.</summary>
    private async Task<int?> KindAsync(SqlSession session, string workspace, string kind, EntityFilter? filter, IReadOnlyList<Order> order, CancellationToken cancellationToken)
    {
        if (!names.TryKind(workspace, kind, out var id) || !order.All(o => o.Attribute is ['@', ..] || names.TryName(id, o.Attribute, out _)) || !SqlFilter.Knows(filter, names, id))
        {
            await names.RefreshAsync(session, cancellationToken).ConfigureAwait(false);
        }

        return names.TryKind(workspace, kind, out id) ? id : null;
    }

    private async Task<DateTimeOffset> AsOfAsync(SqlSession session, CancellationToken cancellationToken) => SqlTime.Read(
        (await session.ListAsync(SqlEntityReader.Clock(dialect), row => Math.Max(row.GetInt64(0), row.GetInt64(1)), cancellationToken).ConfigureAwait(false))[0]);

    private void Committed(bool deleted)
    {
        feed.Committed();
        if (deleted)
        {
            purge.Start();
        }
    }
}
