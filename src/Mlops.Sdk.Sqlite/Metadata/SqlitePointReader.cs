namespace Mlops.Sdk.Metadata;

/// <summary>Reads the points of one metric page by page.</summary>
internal static class SqlitePointReader
{
    /// <summary>The numbers of the owner and the metric; null when there is nothing to read.</summary>
    public static (long Owner, int Key)? Find(SqliteConnectionHandle connection, SqliteNames names, SqliteEntityReader entities, PointQuery query) =>
        entities.Sequence(query.Owner) is { } owner
        && names.FindKind(connection, query.Owner.Workspace, query.Owner.Kind) is { } kind
        && names.FindName(connection, kind, query.Key) is { } key
            ? (owner, key)
            : null;

    public static List<MetricPoint> Page(SqliteConnectionHandle connection, (long Owner, int Key) series, PointQuery query, MetricPoint? after, int limit)
    {
        const string From = "select step, ts, value from point where owner = ?1 and key = ?2 and step >= ?3 and step <= ?4";
        const string Order = "order by step, ts, value limit ?5";

        // The owner is looked at again: points of a deleted one stay until they are purged.
        const string Exists = "and exists(select 1 from entity where seq = ?1)";
        var rows = connection[after is null ? $"{From} {Exists} {Order}" : $"{From} {Exists} and (step, ts, value) > (?6, ?7, ?8) {Order}"]
            .Bind(1, series.Owner).Bind(2, series.Key).Bind(3, after?.Step ?? query.FromStep).Bind(4, query.ToStep).Bind(5, limit);
        if (after is { } last)
        {
            rows.Bind(6, last.Step).Bind(7, last.Timestamp.ToUnixTimeMilliseconds()).Bind(8, last.Value);
        }

        var points = new List<MetricPoint>();
        while (rows.Step())
        {
            points.Add(new(query.Key, rows.Long(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.Long(1)), rows.Double(2)));
        }

        return points;
    }
}
