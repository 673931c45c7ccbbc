using System.Data.Common;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Reads entities in the snapshot of a session: a few statements in one round trip, whatever their number.</summary>
internal sealed class SqlEntityReader(ISqlDialect dialect, SqlNames names, EntityParts parts)
{
    private const int MaxIds = 512;
    private readonly List<SqlStatement> statements = [];
    private readonly List<Action<DbDataReader>> readers = [];
    private readonly List<Row> rows = [];
    private readonly Dictionary<long, Dictionary<string, AttributeValue>> attributes = [];
    private readonly HashSet<int> unknown = [];
    private long asOf;

    /// <summary>The store's clock in this snapshot: never before its last commit.</summary>
    public DateTimeOffset AsOf => SqlTime.Read(asOf);

    public void ByIds(IEnumerable<EntityId> ids)
    {
        foreach (var kind in ids.Distinct().GroupBy(id => (id.Workspace, id.Kind)))
        {
            if (names.TryKind(kind.Key.Workspace, kind.Key.Kind, out var number))
            {
                foreach (var keys in kind.Select(id => id.Key).Chunk(MaxIds))
                {
                    Add(statement => $"e.kind = {SqlFilter.Literal(number)} and {statement.In("e.id", keys)}");
                }
            }
        }
    }

    public void BySequences(IEnumerable<long> sequences)
    {
        foreach (var chunk in sequences.Chunk(MaxIds))
        {
            Add(statement => statement.In("e.seq", chunk));
        }
    }

    /// <summary>Reads; afterwards the entities are there by id or by sequence number.</summary>
    public async Task ReadAsync(SqlSession session, CancellationToken cancellationToken)
    {
        // Last, so that the clock is not behind what was read.
        statements.Add(Clock(dialect));
        readers.Add(row => asOf = Math.Max(row.GetInt64(0), row.GetInt64(1)));
        await session.RunAsync(statements, (i, row) => readers[i](row), cancellationToken).ConfigureAwait(false);
        if (unknown.Count > 0)
        {
            // Names that were interned by others after this process looked last: read them, then everything again.
            await names.RefreshAsync(session, cancellationToken).ConfigureAwait(false);
            unknown.Clear();
            rows.Clear();
            attributes.Clear();
            await session.RunAsync(statements, (i, row) => readers[i](row), cancellationToken).ConfigureAwait(false);
        }
    }

    public Dictionary<EntityId, Entity> ById() => rows.Select(Entity).ToDictionary(entity => entity.Id);

    public Dictionary<long, Entity> BySequence() => rows.ToDictionary(row => row.Sequence, Entity);

    /// <summary>Asks for the server's clock and the last commit.</summary>
    public static SqlStatement Clock(ISqlDialect dialect) => new(dialect, $"select {dialect.Now}, committed from {dialect.Table("store")} where one = 1");

    private void Add(Func<SqlStatement, string> where)
    {
        var entity = new SqlStatement(dialect);
        var body = parts.HasFlag(EntityParts.Body) ? ", e.body" : "";
        Add(entity.Append($"select e.seq, e.kind, e.id, e.revision, e.version, e.created, e.modified{body} from {dialect.Table("entity")} e where {where(entity)}"), ReadEntity);
        if (parts.HasFlag(EntityParts.Attributes))
        {
            Attribute("number", row => dialect.Decode(row.GetDouble(2)));
            Attribute("text", row => row.GetString(2));
        }

        void Attribute(string table, Func<DbDataReader, AttributeValue> value)
        {
            var statement = new SqlStatement(dialect);
            Add(statement.Append($"select a.entity, a.name, a.value from {dialect.Table("entity")} e join {dialect.Table(table)} a on a.entity = e.seq where {where(statement)}"), row => ReadAttribute(row, value));
        }
    }

    private void ReadEntity(DbDataReader row)
    {
        var kind = row.GetInt32(1);
        if (!names.Knows(kind))
        {
            unknown.Add(kind);
            return;
        }

        var (workspace, name) = names.Kind(kind);
        var body = new EntityBody(row.GetInt32(4), parts.HasFlag(EntityParts.Body) ? (byte[])row[7] : default(ReadOnlyMemory<byte>));
        rows.Add(new(row.GetInt64(0), new(name, row.GetString(2), workspace), row.GetInt64(3), body, row.GetInt64(5), row.GetInt64(6)));
    }

    private void ReadAttribute(DbDataReader row, Func<DbDataReader, AttributeValue> value)
    {
        var name = row.GetInt32(1);
        if (!names.Knows(name))
        {
            unknown.Add(name);
            return;
        }

        ref var values = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(attributes, row.GetInt64(0), out _);
        (values ??= new(StringComparer.Ordinal))[names.Name(name)] = value(row);
    }

    private Entity Entity(Row row) => new(
        row.Id,
        row.Revision,
        row.Body,
        SqlTime.Read(row.Created),
        SqlTime.Read(row.Modified),
        AsOf,
        parts.HasFlag(EntityParts.Attributes) ? attributes.GetValueOrDefault(row.Sequence) ?? [] : null);

    private void Add(SqlStatement statement, Action<DbDataReader> read)
    {
        statements.Add(statement);
        readers.Add(read);
    }

    private sealed record Row(long Sequence, EntityId Id, long Revision, EntityBody Body, long Created, long Modified);
}
