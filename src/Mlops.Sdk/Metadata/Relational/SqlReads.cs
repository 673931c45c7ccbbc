using System.Data.Common;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Reads links, points and events.</summary>
internal sealed class SqlReads(ISqlDialect dialect, SqlNames names, SqlSession session, CancellationToken cancellationToken)
{
    /// <summary>The sequence numbers of entities by id.</summary>
    public async Task<Dictionary<EntityId, long>> SequencesAsync(IReadOnlyList<EntityId> ids)
    {
        var found = new Dictionary<EntityId, long>();
        foreach (var group in ids.Distinct().Where(MetadataLimits.CanExist).GroupBy(id => (id.Workspace, id.Kind)))
        {
            if (await KindAsync(group.Key.Workspace, group.Key.Kind).ConfigureAwait(false) is { } kind)
            {
                var statement = new SqlStatement(dialect);
                statement.Append($"select seq, id from {dialect.Table("entity")} where kind = {SqlFilter.Literal(kind)} and {statement.In("id", group.Select(id => id.Key))}");
                await session.RunAsync([statement], (_, row) => found[new(group.Key.Kind, row.GetString(1), group.Key.Workspace)] = row.GetInt64(0), cancellationToken).ConfigureAwait(false);
            }
        }

        return found;
    }

    /// <summary>The links of a set in the order (given entity, relation, other end); the relation is compared as text, not by its number.</summary>
    public async Task<List<(Link Link, PageToken Place)>> LinksAsync(LinkQuery query, PageToken? after)
    {
        var found = new List<(Link, PageToken)>();
        var given = (await SequencesAsync(query.Ids).ConfigureAwait(false)).ToDictionary(e => e.Value, e => e.Key);
        var relation = query.Relation is null ? null : await NameAsync(SqlSchema.NoKind, query.Relation).ConfigureAwait(false);
        var sequences = given.Keys.Where(sequence => !(sequence < after?.Sequence)).ToList();
        if (sequences.Count == 0 || (query.Relation is not null && relation is null))
        {
            return found;
        }

        var (here, there) = query.Direction == LinkDirection.Out ? ("source", "target") : ("target", "source");
        var statement = new SqlStatement(dialect);
        statement.Append($"""
            select l.{here}, n.text, l.{there}, e.id, k.workspace, k.name from {dialect.Table("link")} l
            join {dialect.Table("name")} n on n.id = l.relation join {dialect.Table("entity")} e on e.seq = l.{there} join {dialect.Table("kind")} k on k.id = e.kind
            where {statement.In($"l.{here}", sequences)}
            """);
        if (relation is { } only)
        {
            statement.Append($" and l.relation = {SqlFilter.Literal(only)}");
        }

        if (after is { } a)
        {
            statement.Append($" and (l.{here} > {statement.Add(a.Sequence)} or (n.text > {statement.Add(a.Text)} or (n.text = {statement.Add(a.Text)} and l.{there} > {statement.Add((long)a.Number)})))");
        }

        statement.Append($" order by l.{here}, n.text, l.{there} limit {SqlFilter.Literal(query.Limit + 1)}");
        await session.RunAsync([statement], Read, cancellationToken).ConfigureAwait(false);
        return found;

        void Read(int index, DbDataReader row)
        {
            var (id, other) = (given[row.GetInt64(0)], new EntityId(row.GetString(5), row.GetString(3), row.GetString(4)));
            var link = query.Direction == LinkDirection.Out ? new Link(id, row.GetString(1), other) : new Link(other, row.GetString(1), id);
            found.Add((link, new(0, row.GetInt64(2), link.Relation, row.GetInt64(0))));
        }
    }

    /// <summary>The numbers of the owner and the metric; null when there is nothing to read.</summary>
    public async Task<(long Owner, int Metric)?> SeriesAsync(PointQuery query) =>
        await KindAsync(query.Owner.Workspace, query.Owner.Kind).ConfigureAwait(false) is { } kind
        && await NameAsync(kind, query.Key).ConfigureAwait(false) is { } metric
        && (await SequencesAsync([query.Owner]).ConfigureAwait(false)).TryGetValue(query.Owner, out var owner)
            ? (owner, metric)
            : null;

    /// <summary>A page of points. Points are not unique; of equal ones that a page would separate, the rest is left out, as the contract allows.</summary>
    public async Task<List<MetricPoint>> PointsAsync((long Owner, int Metric) series, PointQuery query, MetricPoint? after, int limit)
    {
        var statement = new SqlStatement(dialect);
        statement.Append($"select step, ts, value from {dialect.Table("point")} where owner = {statement.Add(series.Owner)} and metric = {SqlFilter.Literal(series.Metric)}");
        statement.Append($" and step >= {statement.Add(after?.Step ?? query.FromStep)} and step <= {statement.Add(query.ToStep)}");

        // The owner is looked at again: points of a deleted one stay until they are purged.
        statement.Append($" and exists (select 1 from {dialect.Table("entity")} where seq = {statement.Add(series.Owner)})");
        if (after is { } last)
        {
            var time = last.Timestamp.ToUnixTimeMilliseconds();
            statement.Append($" and (step > {statement.Add(last.Step)} or ts > {statement.Add(time)} or (ts = {statement.Add(time)} and value > {statement.AddNumber(last.Value)}))");
        }

        statement.Append($" order by step, ts, value limit {SqlFilter.Literal(limit)}");
        return await session.ListAsync(
            statement, row => new MetricPoint(query.Key, row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), dialect.Decode(row.GetDouble(2))), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Events in commit order. Commits take the store's lock before they take a position, so that none appears behind one that was seen.</summary>
    public async Task<List<StoredEvent>> EventsAsync(EventQuery query)
    {
        var statement = new SqlStatement(dialect);
        var table = dialect.Table("event");
        const string Columns = "v.position, v.committed, v.actor, v.kind, v.id, v.type, v.why, v.body";
        var from = table + " v";
        if (query.Subject is { } subject)
        {
            if (!MetadataLimits.CanExist(subject) || await KindAsync(subject.Workspace, subject.Kind).ConfigureAwait(false) is not { } kind || (query.Kinds.Count > 0 && !query.Kinds.Contains(subject.Kind)))
            {
                return [];
            }

            from += $" where v.kind = {SqlFilter.Literal(kind)} and v.id = {statement.Add(subject.Key)} and v.position > {statement.Add(query.AfterPosition)}";
        }
        else if (query.Kinds.Count > 0)
        {
            await names.RefreshAsync(session, cancellationToken).ConfigureAwait(false);
            var kinds = query.Kinds.Distinct().SelectMany(names.KindsNamed).ToList();
            if (kinds.Count == 0)
            {
                return [];
            }

            // A page per kind from its index, merged: the cost does not grow with the events of other kinds.
            var pages = kinds.Select(kind => $"(select * from {table} v where v.kind = {SqlFilter.Literal(kind)} and v.position > {statement.Add(query.AfterPosition)} order by v.position limit {SqlFilter.Literal(query.Limit)})");
            from = $"({string.Join(" union all ", pages)}) v";
        }
        else
        {
            from += $" where v.position > {statement.Add(query.AfterPosition)}";
        }

        statement.Append($"select {Columns}, n.text, k.workspace, k.name from (select * from {from} order by v.position limit {SqlFilter.Literal(query.Limit)}) v join {dialect.Table("name")} n on n.id = v.type join {dialect.Table("kind")} k on k.id = v.kind order by v.position");
        return await session.ListAsync(statement, Read, cancellationToken).ConfigureAwait(false);

        static StoredEvent Read(DbDataReader row) => new(
            row.GetInt64(0),
            SqlTime.Read(row.GetInt64(1)),
            row.GetString(2),
            new(row.GetString(10), row.GetString(4), row.GetString(9)),
            row.GetString(8),
            row.IsDBNull(6) ? null : row.GetString(6),
            (byte[])row[7]);
    }

    public async Task<int?> KindAsync(string workspace, string kind)
    {
        if (!names.TryKind(workspace, kind, out var id))
        {
            await names.RefreshAsync(session, cancellationToken).ConfigureAwait(false);
            return names.TryKind(workspace, kind, out id) ? id : null;
        }

        return id;
    }

    private async Task<int?> NameAsync(int kind, string text)
    {
        if (!names.TryName(kind, text, out var id))
        {
            await names.RefreshAsync(session, cancellationToken).ConfigureAwait(false);
            return names.TryName(kind, text, out id) ? id : null;
        }

        return id;
    }
}
