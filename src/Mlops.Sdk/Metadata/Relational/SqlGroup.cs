using System.Data;
using System.Data.Common;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// Commits a group of changesets in one transaction, each of them wholly or not at all. Takes the lock on the store's row first: from then on nobody else changes anything, so that all decisions are taken in memory,
/// positions and times grow from commit to commit, and a few round trips do whatever the number of changes.
/// </summary>
internal sealed class SqlGroup(ISqlDialect dialect, SqlNames names, IReadOnlyList<Changeset> changesets)
{
    private readonly Dictionary<Guid, CommitResult> replays = [];
    private SqlCounters counters;
    private long now;
    private bool refreshed;
    private SqlState state = null!;
    private SqlInterning interning = null!;

    /// <summary>Whether entities were deleted whose points are to be removed.</summary>
    public bool HasDeleted { get; private set; }

    /// <summary>Whether anything was committed.</summary>
    public bool IsChanged => state.IsChanged;

    /// <summary>The outcome of each changeset, in order. Nothing is kept when it throws, unless the connection broke at the very end.</summary>
    /// <param name="connection">An open connection without a transaction.</param>
    /// <param name="forget">Whether to forget results of commits that nobody will repeat any more.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    public async Task<CommitResult[]> CommitAsync(DbConnection connection, bool forget, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var session = new SqlSession(connection, transaction, [.. dialect.BeforeCommit.Select(sql => new SqlStatement(dialect, sql))]);
        await LockAsync(session, cancellationToken).ConfigureAwait(false);
        var results = await ApplyAsync(session, cancellationToken).ConfigureAwait(false);
        if ((state.NewKinds.Count > 0 || state.NewNames.Count > 0) && !refreshed)
        {
            // Another process may have interned the same names.
            await names.RefreshAsync(session, cancellationToken).ConfigureAwait(false);
            refreshed = true;
            await PrefetchAsync(session, cancellationToken).ConfigureAwait(false);
            results = await ApplyAsync(session, cancellationToken).ConfigureAwait(false);
        }

        if (state.IsChanged)
        {
            var writes = new SqlWrites(dialect, state, counters);
            await session.RunAsync(writes.Statements(forget ? now - (long)SqlReplay.Keep.TotalMicroseconds : null), null, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            HasDeleted = writes.HasDeleted;
            interning.Publish();
            names.Reached(refreshed ? state.Counters.Names : 0);
        }

        return results;
    }

    /// <summary>Takes the lock and reads the counters, and in the same round trip what the changes touch, when all names are known.</summary>
    private async Task LockAsync(SqlSession session, CancellationToken cancellationToken)
    {
        var guess = Renew();
        var known = state.NewKinds.Count == 0 && state.NewNames.Count == 0;
        var locking = new SqlStatement(dialect, $"select position, committed, entities, names from {dialect.Table("store")} where one = 1 for update");
        var replay = new SqlStatement(dialect);
        replay.Append($"select id, position, committed, created from {dialect.Table("changeset")} where {replay.In("id", changesets.Select(c => c.Id.ToByteArray(bigEndian: true)).ToList())}");

        // The clock is asked in a statement of its own, which begins when the lock is held: many databases take the time once for each statement.
        var clock = new SqlStatement(dialect, $"select {dialect.Now}");
        const int First = 3;
        List<SqlStatement> statements = [locking, clock, replay, .. known ? guess.Statements : names.Newer()];
        await session.RunAsync(statements, Read, cancellationToken).ConfigureAwait(false);
        state.Counters = counters;
        if (!known)
        {
            names.Reached(counters.Names);
            refreshed = true;
            await PrefetchAsync(session, cancellationToken).ConfigureAwait(false);
        }

        void Read(int statement, DbDataReader row)
        {
            if (statement == 0)
            {
                counters = new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3));
            }
            else if (statement == 1)
            {
                now = row.GetInt64(0);
            }
            else if (statement == 2)
            {
                replays[new((byte[])row[0], bigEndian: true)] = new(row.GetInt64(1), SqlTime.Read(row.GetInt64(2)), SqlReplay.Decode((byte[])row[3]), []);
            }
            else if (known)
            {
                guess.Read(statement - First, row);
            }
            else
            {
                names.Add(statement == First, row);
            }
        }
    }

    /// <summary>Reads what the changes touch, under the lock.</summary>
    private async Task PrefetchAsync(SqlSession session, CancellationToken cancellationToken)
    {
        var prefetch = Renew();
        await session.RunAsync(prefetch.Statements, prefetch.Read, cancellationToken).ConfigureAwait(false);
    }

    private SqlPrefetch Renew()
    {
        state = new(counters);
        interning = new(names, state);
        var prefetch = new SqlPrefetch(dialect, state, interning);
        prefetch.Add(changesets);
        return prefetch;
    }

    private async Task<CommitResult[]> ApplyAsync(SqlSession session, CancellationToken cancellationToken)
    {
        if (changesets.Any(c => c.Changes.Any(change => change is Change.CreateNumbered)))
        {
            var numbered = new SqlPrefetch(dialect, state, interning);
            numbered.AddNumbered(changesets);
            await session.RunAsync(numbered.Statements, numbered.Read, cancellationToken).ConfigureAwait(false);
        }

        var given = new Dictionary<Guid, CommitResult>(replays);
        var results = new CommitResult[changesets.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var changeset = changesets[i];
            if (!given.TryGetValue(changeset.Id, out results[i]!))
            {
                // Strictly growing, so that "unmodified since" cannot miss a change within one tick of the clock.
                var at = Math.Max(now, state.Counters.Committed + 1);
                results[i] = new SqlChangeset(state, interning, changeset, at).Apply();
                if (results[i].Committed)
                {
                    given[changeset.Id] = results[i];
                }
            }
        }

        return results;
    }
}
