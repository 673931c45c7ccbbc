namespace Mlops.Sdk.Metadata;

/// <summary>Reads events in the snapshot of one connection.</summary>
internal static class SqliteEventReader
{
    private const string Columns = "select position, at, actor, kind, id, type, why, body from event";
    private const int MaxKinds = 100;

    public static List<StoredEvent> Read(SqliteConnectionHandle connection, SqliteNames names, EventQuery query, long after)
    {
        var events = new List<StoredEvent>();
        if (Statement(connection, names, query) is { } rows)
        {
            rows.Bind(1, after).Bind(2, query.Limit);
            while (rows.Step())
            {
                var (workspace, kind) = names.Kind(connection, (int)rows.Long(3));
                events.Add(new(
                    rows.Long(0),
                    SqliteClock.Time(rows.Long(1)),
                    rows.Text(2),
                    new(kind, rows.Text(4), workspace),
                    names.Name(connection, (int)rows.Long(5)),
                    rows.IsNull(6) ? null : rows.Text(6),
                    rows.Blob(7)));
            }
        }

        return events;
    }

    private static SqliteStatement? Statement(SqliteConnectionHandle connection, SqliteNames names, EventQuery query)
    {
        if (query.Subject is { } subject)
        {
            return MetadataLimits.CanExist(subject) && names.FindKind(connection, subject.Workspace, subject.Kind) is { } only && (query.Kinds.Count == 0 || query.Kinds.Contains(subject.Kind))
                ? connection[$"{Columns} where kind = ?3 and id = ?4 and position > ?1 order by position limit ?2"].Bind(3, only).Bind(4, subject.Key)
                : null;
        }

        if (query.Kinds.Count == 0)
        {
            return connection[$"{Columns} where position > ?1 order by position limit ?2"];
        }

        var kinds = new List<long>();
        foreach (var kind in query.Kinds.Distinct().Where(kind => MetadataLimits.CanExist(new EntityId(kind, "any"))))
        {
            var ids = connection["select id from kind where name = ?1"].Bind(1, kind);
            while (ids.Step())
            {
                kinds.Add(ids.Long(0));
            }
        }

        // A page per kind from its index, merged: the cost does not grow with the events of other kinds.
        var pages = kinds.Select(kind => $"select * from ({Columns} where kind = {SqliteFilter.Literal((int)kind)} and position > ?1 order by position limit ?2)");
        return kinds.Count switch
        {
            0 => null,
            <= MaxKinds => connection[$"{string.Join(" union all ", pages)} order by position limit ?2"],
            _ => connection[$"{Columns} where kind in ({string.Join(", ", kinds.Select(kind => SqliteFilter.Literal((int)kind)))}) and position > ?1 order by position limit ?2"],
        };
    }
}
