namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Writes what a group of changesets changed: a few statements per table, whatever the number of changes. Rows are replaced by deleting and inserting them, which every database can.</summary>
internal sealed class SqlWrites(ISqlDialect dialect, SqlState state, SqlCounters before)
{
    private const int MaxIds = 512;
    private readonly List<SqlStatement> statements = [];
    private readonly List<long> deleted = [];
    private readonly HashSet<long> dead = [];
    private readonly HashSet<long> born = [];

    /// <summary>Whether entities were deleted whose points are to be removed.</summary>
    public bool HasDeleted => deleted.Count > 0;

    /// <summary>The statements, in an order that the keys of the tables allow.</summary>
    public IReadOnlyList<SqlStatement> Statements(long? forgetBefore)
    {
        Insert(SqlSchema.Kind, state.NewKinds.Select(k => new object?[] { k.Value, k.Key.Workspace, k.Key.Kind }));
        Insert(SqlSchema.Name, state.NewNames.Select(n => new object?[] { n.Value, n.Key.Kind, n.Key.Text }));
        Entities();
        Attributes();
        Insert(SqlSchema.Point, state.Points.Where(p => Lives(p.Owner)).Select(p => new object?[] { p.Owner, p.Metric, p.Point.Step, p.Point.Timestamp.ToUnixTimeMilliseconds(), dialect.Encode(p.Point.Value) }));
        Links();
        Insert(SqlSchema.Event, state.Events);
        Sequences();
        Insert(SqlSchema.Changeset, state.Changesets.Select(c => new object?[] { c.Id.ToByteArray(bigEndian: true), c.Result.Position, SqlTime.Write(c.Result.At), SqlReplay.Encode(c.Result.Created) }));
        if (forgetBefore is { } time)
        {
            var forget = Begin();
            forget.Append($"delete from {dialect.Table("changeset")} where committed < {forget.Add(time)}");
        }

        var store = Begin();
        store.Append($"update {dialect.Table("store")} set position = {store.Add(state.Counters.Position)}, committed = {store.Add(state.Counters.Committed)}, entities = {store.Add(state.Counters.Entities)}, names = {store.Add(state.Counters.Names)} where one = 1");
        return statements;
    }

    private void Entities()
    {
        var inserts = new List<object?[]>();
        var touched = new Dictionary<long, List<long>>();
        foreach (var ((_, key, _), stored, row) in state.Entities.Changes())
        {
            if (stored is not null && stored.Sequence != row?.Sequence)
            {
                deleted.Add(stored.Sequence);
                dead.Add(stored.Sequence);
            }

            if (row is null)
            {
                continue;
            }

            if (stored?.Sequence != row.Sequence)
            {
                born.Add(row.Sequence);
                inserts.Add([row.Sequence, row.Kind, key, row.Revision, row.Body!.Value.Version, row.Created, row.Modified, row.Body.Value.Bytes.ToArray()]);
            }
            else if (row.Body is { } body)
            {
                var put = Begin();
                put.Append($"update {dialect.Table("entity")} set revision = {put.Add(row.Revision)}, version = {put.Add(body.Version)}, modified = {put.Add(row.Modified)}, body = {put.Add(body.Bytes.ToArray())} where seq = {put.Add(row.Sequence)}");
            }
            else
            {
                (touched.TryGetValue(row.Modified, out var same) ? same : touched[row.Modified] = []).Add(row.Sequence);
            }
        }

        foreach (var (modified, sequences) in touched)
        {
            foreach (var chunk in sequences.Chunk(MaxIds))
            {
                var touch = Begin();
                touch.Append($"update {dialect.Table("entity")} set modified = {touch.Add(modified)} where {touch.In("seq", chunk)}");
            }
        }

        foreach (var chunk in deleted.Chunk(MaxIds))
        {
            foreach (var (table, column) in (ReadOnlySpan<(string, string)>)[("entity", "seq"), ("number", "entity"), ("text", "entity"), ("link", "source"), ("link", "target")])
            {
                var delete = Begin();
                delete.Append($"delete from {dialect.Table(table)} where {delete.In(column, chunk)}");
            }
        }

        // Points become invisible at once, because sequence numbers are never used again, and are removed later, outside the lock.
        Insert(SqlSchema.Purge, deleted.Select(sequence => new object?[] { sequence }));
        Insert(SqlSchema.Entity, inserts);
    }

    private void Attributes()
    {
        var numbers = new List<object?[]>();
        var texts = new List<object?[]>();
        var removed = new Dictionary<(string Table, long Entity), List<int>>();
        foreach (var ((entity, name), stored, row) in state.Attributes.Changes().Where(a => Lives(a.Key.Entity)))
        {
            if (stored?.Value is { } old)
            {
                var key = (old.IsNumber ? "number" : "text", entity);
                (removed.TryGetValue(key, out var same) ? same : removed[key] = []).Add(name);
            }

            if (row.Value is { IsNumber: true } number)
            {
                numbers.Add([entity, name, dialect.Encode(number.Number!.Value), row.Step, row.Timestamp]);
            }
            else if (row.Value is { } text)
            {
                texts.Add([entity, name, text.Text]);
            }
        }

        foreach (var ((table, entity), names) in removed)
        {
            foreach (var chunk in names.Chunk(MaxIds))
            {
                var delete = Begin();
                delete.Append($"delete from {dialect.Table(table)} where entity = {delete.Add(entity)} and {delete.In("name", chunk)}");
            }
        }

        Insert(SqlSchema.Number, numbers);
        Insert(SqlSchema.Text, texts);
    }

    private void Links()
    {
        var changes = state.Links.Changes().Where(l => Lives(l.Key.From) && Lives(l.Key.To)).ToList();
        foreach (var ((from, relation, to), _, _) in changes.Where(l => !born.Contains(l.Key.From) && !born.Contains(l.Key.To)))
        {
            var delete = Begin();
            delete.Append($"delete from {dialect.Table("link")} where source = {delete.Add(from)} and relation = {delete.Add(relation)} and target = {delete.Add(to)}");
        }

        Insert(SqlSchema.Link, changes.Where(l => l.Row).Select(l => new object?[] { l.Key.From, l.Key.Relation, l.Key.To }));
    }

    private void Sequences()
    {
        var changes = state.Sequences.Changes().ToList();
        foreach (var ((kind, scopeKind, scope), stored, _) in changes.Where(s => s.Stored > 0))
        {
            var delete = Begin();
            delete.Append($"delete from {dialect.Table("sequence")} where kind = {delete.Add(kind)} and scope_kind = {delete.Add(scopeKind)} and scope = {delete.Add(scope)}");
        }

        Insert(SqlSchema.Sequence, changes.Select(s => new object?[] { s.Key.Kind, s.Key.ScopeKind, s.Key.Scope, s.Row }));
    }

    /// <summary>Whether an entity is there at the end of the group: one of before that was not deleted, or one of the group that was not deleted again.</summary>
    private bool Lives(long sequence) => sequence > before.Entities ? born.Contains(sequence) : !dead.Contains(sequence);

    private void Insert(SqlTable table, IEnumerable<object?[]> rows)
    {
        var chunk = new List<object?[]>();
        var bytes = 0L;
        foreach (var row in rows)
        {
            bytes += row.Sum(SqlStatement.Size);
            if (chunk.Count == dialect.MaxRows || (chunk.Count > 0 && bytes > SqlSession.RoundTripBytes))
            {
                dialect.Insert(Begin(), table.TableName, table.Columns, chunk);
                (chunk, bytes) = ([], row.Sum(SqlStatement.Size));
            }

            chunk.Add(row);
        }

        if (chunk.Count > 0)
        {
            dialect.Insert(Begin(), table.TableName, table.Columns, chunk);
        }
    }

    private SqlStatement Begin()
    {
        var statement = new SqlStatement(dialect);
        statements.Add(statement);
        return statement;
    }
}
