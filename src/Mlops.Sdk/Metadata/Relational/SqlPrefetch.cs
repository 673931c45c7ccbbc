using System.Data.Common;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Reads everything that the changes of a group may touch into its state, in a few statements whatever the number of changes.</summary>
internal sealed class SqlPrefetch(ISqlDialect dialect, SqlState state, SqlInterning names)
{
    private const int MaxIds = 512;
    private readonly List<SqlStatement> statements = [];
    private readonly List<Action<DbDataReader>> readers = [];
    private readonly Dictionary<int, (string Workspace, string Kind)> kinds = [];

    public IReadOnlyList<SqlStatement> Statements => statements;

    public void Read(int statement, DbDataReader row) => readers[statement](row);

    /// <summary>Everything that the changesets name; what <see cref="Change.CreateNumbered"/> will make is known only after this was read.</summary>
    public void Add(IEnumerable<Changeset> changesets)
    {
        var wanted = new Dictionary<int, (HashSet<string> Keys, HashSet<int> Names)>();
        var sequences = new HashSet<(int Kind, int ScopeKind, string Scope)>();
        foreach (var change in changesets.SelectMany(c => c.Changes))
        {
            switch (change)
            {
                case Change.Require c:
                    Want(c.Id, c.Attribute is { } name ? [name] : []);
                    break;
                case Change.Create c:
                    Want(c.Id, []);
                    break;
                case Change.CreateNumbered c:
                    sequences.Add((names.Kind(c.Scope.Workspace, c.Kind), names.Kind(c.Scope.Workspace, c.Scope.Kind), c.Scope.Key));
                    break;
                case Change.Put c:
                    Want(c.Id, c.Attributes.Keys);
                    break;
                case Change.Delete c:
                    Want(c.Id, []);
                    break;
                case Change.Set c:
                    Want(c.Id, [c.Name]);
                    break;
                case Change.SetOnce c:
                    Want(c.Id, [c.Name]);
                    break;
                case Change.Touch c:
                    Want(c.Id, []);
                    break;
                case Change.Append c:
                    Want(c.Owner, c.Points.Select(p => p.Key));
                    break;
                case Change.Connect c:
                    Want(c.Link.From, []);
                    Want(c.Link.To, []);
                    break;
                case Change.Disconnect c:
                    Want(c.Link.From, []);
                    Want(c.Link.To, []);
                    break;
            }
        }

        foreach (var (kind, (keys, attributes)) in wanted)
        {
            AddEntities(kind, keys);
            AddAttributes(kind, keys, attributes);
        }

        foreach (var sequence in sequences)
        {
            AddSequence(sequence);
        }

        void Want(EntityId id, IEnumerable<string> attributes)
        {
            if (id.Kind == EntityId.CreatedKind)
            {
                return;
            }

            var kind = names.Kind(id.Workspace, id.Kind);
            kinds[kind] = (id.Workspace, id.Kind);
            ref var entry = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(wanted, kind, out var exists);
            entry = exists ? entry : ([], []);
            entry.Keys.Add(id.Key);
            foreach (var attribute in attributes)
            {
                entry.Names.Add(names.Name(kind, attribute));
            }
        }
    }

    /// <summary>The keys that numbering can reach, once the last numbers are known: somebody may have created one of them by name.</summary>
    public void AddNumbered(IEnumerable<Changeset> changesets)
    {
        var changes = changesets.SelectMany(c => c.Changes).OfType<Change.CreateNumbered>();
        foreach (var group in changes.GroupBy(c => (c.Kind, c.Scope)))
        {
            var kind = names.Kind(group.Key.Scope.Workspace, group.Key.Kind);
            kinds[kind] = (group.Key.Scope.Workspace, group.Key.Kind);
            var last = state.Sequences.Find((kind, names.Kind(group.Key.Scope.Workspace, group.Key.Scope.Kind), group.Key.Scope.Key));
            AddEntities(kind, group.Select((_, i) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{group.Key.Scope.Key}/{last + 1 + i}")));
        }
    }

    private void AddEntities(int kind, IEnumerable<string> keys)
    {
        foreach (var chunk in keys.Chunk(MaxIds))
        {
            var statement = new SqlStatement(dialect);
            statement.Append($"select seq, kind, revision, created, modified, id from {dialect.Table("entity")} where kind = {statement.Add(kind)} and {statement.In("id", chunk)}");
            Add(statement, row =>
            {
                var (workspace, name) = kinds[row.GetInt32(1)];
                state.Entities.Load(new(name, row.GetString(5), workspace), new(row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), null));
            });
        }
    }

    private void AddAttributes(int kind, HashSet<string> keys, HashSet<int> attributes)
    {
        foreach (var ids in attributes.Count == 0 ? [] : keys.Chunk(MaxIds))
        {
            foreach (var chunk in attributes.Chunk(MaxIds))
            {
                var number = From("number", "a.value, a.step, a.ts");
                Add(number, row => state.Attributes.Load((row.GetInt64(0), row.GetInt32(1)), new(dialect.Decode(row.GetDouble(2)), row.IsDBNull(3) ? null : row.GetInt64(3), row.IsDBNull(4) ? null : row.GetInt64(4))));
                Add(From("text", "a.value"), row => state.Attributes.Load((row.GetInt64(0), row.GetInt32(1)), new(row.GetString(2))));

                SqlStatement From(string table, string columns)
                {
                    var statement = new SqlStatement(dialect);
                    return statement.Append(
                        $"select a.entity, a.name, {columns} from {dialect.Table("entity")} e join {dialect.Table(table)} a on a.entity = e.seq where e.kind = {statement.Add(kind)} and {statement.In("e.id", ids)} and {statement.In("a.name", chunk)}");
                }
            }
        }
    }

    private void AddSequence((int Kind, int ScopeKind, string Scope) sequence)
    {
        var statement = new SqlStatement(dialect);
        statement.Append(
            $"select last from {dialect.Table("sequence")} where kind = {statement.Add(sequence.Kind)} and scope_kind = {statement.Add(sequence.ScopeKind)} and scope = {statement.Add(sequence.Scope)}");
        Add(statement, row => state.Sequences.Load(sequence, row.GetInt64(0)));
    }

    private void Add(SqlStatement statement, Action<DbDataReader> read)
    {
        statements.Add(statement);
        readers.Add(read);
    }
}
