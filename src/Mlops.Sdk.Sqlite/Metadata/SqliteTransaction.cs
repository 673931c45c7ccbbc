namespace Mlops.Sdk.Metadata;

/// <summary>Runs groups of changesets in one transaction each, with a savepoint per changeset.</summary>
internal sealed class SqliteTransaction
{
    private const int PurgeSlice = 5_000;
    private const int ReplayPurgeEvery = 64;
    private readonly SqliteConnectionHandle connection;
    private readonly SqliteTables tables;
    private readonly TimeProvider clock;
    private bool relaxed;
    private int transactions;

    public SqliteTransaction(SqliteConnectionHandle connection, SqliteNames names, TimeProvider clock)
    {
        this.connection = connection;
        this.clock = clock;
        var writer = new SqliteNameWriter(connection, names);
        var attributes = new SqliteAttributes(connection, writer);
        tables = new(connection, writer, attributes, new(connection, writer, attributes));
    }

    /// <summary>Sets what the next transaction survives. Not inside one.</summary>
    public void SetDurability(bool normal)
    {
        if (relaxed != normal)
        {
            connection.Execute(normal ? "pragma synchronous = normal" : "pragma synchronous = full");
            relaxed = normal;
        }
    }

    /// <summary>Applies the changesets in the transaction that the caller began, and commits. Nothing is kept when it throws.</summary>
    public CommitResult[] Run(IReadOnlyList<SqliteWork> group)
    {
        try
        {
            connection.Operation = "commit";
            var start = Load();
            var counters = start;
            var results = new CommitResult[group.Count];
            for (var i = 0; i < group.Count; i++)
            {
                (counters, results[i]) = Apply(group[i].Changeset, counters, alone: group.Count == 1);
            }

            if (counters == start)
            {
                return results;
            }

            if (transactions++ % ReplayPurgeEvery == 0)
            {
                SqliteReplay.Purge(connection, counters.At);
            }

            connection["update store set position = ?1, at = ?2, sequence = ?3"].Bind(1, counters.Position).Bind(2, counters.At).Bind(3, counters.Sequence).Run();
            connection["commit"].Run();
            tables.Names.Publish();
            return results;
        }
        finally
        {
            tables.Names.Forget();
            connection.Rollback();
        }
    }

    /// <summary>Whether deleted entities have left points behind.</summary>
    public bool HasPurge() => connection["select owner from purge limit 1"].Scalar() is not null;

    /// <summary>Removes one slice of the points that deleted entities left behind, in the transaction that the caller began.</summary>
    public void Purge()
    {
        try
        {
            connection.Operation = "purge";
            if (connection["select owner from purge limit 1"].Scalar() is not { } owner)
            {
                return;
            }

            connection["delete from point where (owner, key, step, ts, value) in (select owner, key, step, ts, value from point where owner = ?1 limit ?2)"].Bind(1, owner).Bind(2, PurgeSlice).Run();
            if (connection.Changes < PurgeSlice)
            {
                connection["delete from purge where owner = ?1"].Bind(1, owner).Run();
            }

            connection["commit"].Run();
        }
        finally
        {
            connection.Rollback();
        }
    }

    private (SqliteCounters Counters, CommitResult Result) Apply(Changeset changeset, SqliteCounters counters, bool alone)
    {
        if (SqliteReplay.Find(connection, changeset.Id) is { } first)
        {
            return (counters, first);
        }

        if (!alone)
        {
            connection["savepoint one"].Run();
        }

        // Strictly growing, so that "unmodified since" cannot miss a change within one tick of the clock.
        var at = Math.Max(SqliteClock.Now(clock), counters.At + 1);
        var (after, result) = new SqliteCommit(tables, changeset, counters, at).Apply();
        if (!result.Committed)
        {
            tables.Names.Forget();
        }

        if (!alone)
        {
            if (!result.Committed)
            {
                connection["rollback to one"].Run();
            }

            connection["release one"].Run();
        }

        return (after, result);
    }

    private SqliteCounters Load()
    {
        var row = connection["select position, at, sequence from store"];
        row.Step();
        var counters = new SqliteCounters(row.Long(0), row.Long(1), row.Long(2));
        row.Reset();
        return counters;
    }
}
