namespace Mlops.Sdk.Metadata;

/// <summary>Reads entities and links in the snapshot of one connection.</summary>
internal sealed class SqliteEntityReader(SqliteConnectionHandle connection, SqliteNames names, TimeProvider clock)
{
    private const string Columns = "seq, kind, entity.id, revision, version, created, modified";

    /// <summary>The store's clock in this snapshot: never before its last commit.</summary>
    public DateTimeOffset AsOf { get; } = SqliteClock.Time(Math.Max(SqliteClock.Now(clock), connection["select at from store"].Scalar() ?? 0));

    // SQLite would take half a surrogate pair for U+FFFD, and so find what nobody asked for.
    public Entity? Find(EntityId id, EntityParts parts) => MetadataLimits.CanExist(id) && names.FindKind(connection, id.Workspace, id.Kind) is { } kind
        ? Read(connection[$"{Select(parts)} where kind = ?1 and entity.id = ?2"].Bind(1, kind).Bind(2, id.Key), parts)
        : null;

    /// <summary>Entities by their sequence numbers, in that order: two statements, whatever their number.</summary>
    public List<Entity> Get(IEnumerable<long> sequences, EntityParts parts)
    {
        var list = $"[{string.Join(',', sequences)}]";
        var attributes = parts.HasFlag(EntityParts.Attributes) ? Attributes(list) : null;
        var entities = new List<Entity>();
        var rows = connection[$"{Select(parts, "json_each(?1) j cross join entity on seq = j.value")}"].Bind(1, list);
        while (rows.Step())
        {
            entities.Add(Row(rows, parts, attributes is null ? null : attributes.GetValueOrDefault(rows.Long(0)) ?? []));
        }

        return entities;
    }

    public long? Sequence(EntityId id) => MetadataLimits.CanExist(id) && names.FindKind(connection, id.Workspace, id.Kind) is { } kind
        ? connection["select seq from entity where kind = ?1 and id = ?2"].Bind(1, kind).Bind(2, id.Key).Scalar()
        : null;

    public Page<Link> Links(LinkQuery query)
    {
        var token = PageToken.Describe(query);
        var after = PageToken.Read(query.After, token);
        var relation = query.Relation is null ? null : names.FindName(connection, SqliteNames.NoKind, query.Relation);
        var found = new List<(Link Link, PageToken Place)>();
        if (query.Relation is null || relation is not null)
        {
            var given = query.Ids.Distinct().Select(id => (Id: id, Sequence: Sequence(id))).Where(e => e.Sequence is not null).OrderBy(e => e.Sequence);
            foreach (var (id, sequence) in given)
            {
                if (found.Count <= query.Limit && !(sequence < after?.Sequence))
                {
                    AddLinks(query, id, sequence!.Value, relation, sequence == after?.Sequence ? after : null, found);
                }
            }
        }

        var next = found.Count > query.Limit ? found[query.Limit - 1].Place.Write(token) : null;
        return new([.. found.Take(query.Limit).Select(row => row.Link)], next, AsOf);
    }

    private static string Select(EntityParts parts, string from = "entity") => parts.HasFlag(EntityParts.Body) ? $"select {Columns}, body from {from}" : $"select {Columns} from {from}";

    /// <summary>The links of one entity in the order (relation, other end); the relation is compared as text, not by its number.</summary>
    private void AddLinks(LinkQuery query, EntityId id, long sequence, int? relation, PageToken? after, List<(Link Link, PageToken Place)> found)
    {
        var (here, there) = query.Direction == LinkDirection.Out ? ("source", "target") : ("target", "source");
        var rows = connection[$"""
            select n.text, l.{there}, e.kind, e.id from link l cross join name n on n.id = l.relation cross join entity e on e.seq = l.{there} where l.{here} = ?1
            {(relation is null ? "" : "and l.relation = ?5")} {(after is null ? "" : $"and (n.text, l.{there}) > (?3, ?4)")} order by n.text, l.{there} limit ?2
            """].Bind(1, sequence).Bind(2, query.Limit + 1 - found.Count);
        if (after is { } place)
        {
            rows.Bind(3, place.Text).Bind(4, (long)place.Number);
        }

        if (relation is { } only)
        {
            rows.Bind(5, only);
        }

        while (rows.Step())
        {
            var (workspace, kind) = names.Kind(connection, (int)rows.Long(2));
            var other = new EntityId(kind, rows.Text(3), workspace);
            var link = query.Direction == LinkDirection.Out ? new Link(id, rows.Text(0), other) : new Link(other, rows.Text(0), id);
            found.Add((link, new(0, rows.Long(1), link.Relation, sequence)));
        }
    }

    private Entity? Read(SqliteStatement row, EntityParts parts)
    {
        if (!row.Step())
        {
            return null;
        }

        var sequence = row.Long(0);
        var entity = Row(row, parts, null);
        row.Reset();
        return parts.HasFlag(EntityParts.Attributes) ? entity with { Attributes = Attributes($"[{sequence}]").GetValueOrDefault(sequence) ?? [] } : entity;
    }

    private Entity Row(SqliteStatement row, EntityParts parts, Dictionary<string, AttributeValue>? attributes)
    {
        var (workspace, kind) = names.Kind(connection, (int)row.Long(1));
        var body = new EntityBody((int)row.Long(4), parts.HasFlag(EntityParts.Body) ? row.Blob(7) : default(ReadOnlyMemory<byte>));
        return new(new(kind, row.Text(2), workspace), row.Long(3), body, SqliteClock.Time(row.Long(5)), SqliteClock.Time(row.Long(6)), AsOf, attributes);
    }

    /// <summary>The attributes of a list of entities, which is a JSON array of their sequence numbers.</summary>
    private Dictionary<long, Dictionary<string, AttributeValue>> Attributes(string list)
    {
        const int Usual = 32;
        var found = new Dictionary<long, Dictionary<string, AttributeValue>>();
        var rows = connection["""
            select a.entity, a.name, a.value, 1 from json_each(?1) j cross join number a on a.entity = j.value
            union all select a.entity, a.name, a.value, 0 from json_each(?1) j cross join text a on a.entity = j.value
            """].Bind(1, list);
        long? last = null;
        Dictionary<string, AttributeValue> attributes = [];
        while (rows.Step())
        {
            var sequence = rows.Long(0);
            if (sequence != last)
            {
                last = sequence;
                attributes = found.TryGetValue(sequence, out var known) ? known : found[sequence] = new(Usual, StringComparer.Ordinal);
            }

            attributes[names.Name(connection, (int)rows.Long(1))] = rows.Long(3) == 1 ? rows.Double(2) : new AttributeValue(rows.Text(2));
        }

        return found;
    }
}
