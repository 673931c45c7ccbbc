using System.Collections.Concurrent;
using System.Data.Common;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// The interned kinds and names that are known to be committed. They are never removed and their numbers grow in commit order, so a hit is always true and everything newer is read in one go.
/// </summary>
internal sealed class SqlNames(ISqlDialect dialect)
{
    private readonly ConcurrentDictionary<(string Workspace, string Kind), int> kinds = new();
    private readonly ConcurrentDictionary<int, (string Workspace, string Kind)> kindOf = new();
    private readonly ConcurrentDictionary<(int Kind, string Text), int> names = new();
    private readonly ConcurrentDictionary<int, string> textOf = new();
    private int last;

    public bool TryKind(string workspace, string kind, out int id) => kinds.TryGetValue((workspace, kind), out id);

    public bool TryName(int kind, string text, out int id) => names.TryGetValue((kind, text), out id);

    public bool Knows(int id) => kindOf.ContainsKey(id) || textOf.ContainsKey(id);

    /// <summary>The kind of a number that was read from the database.</summary>
    public (string Workspace, string Kind) Kind(int id) => kindOf.TryGetValue(id, out var kind) ? kind : throw Lost(id);

    /// <summary>The name of a number that was read from the database.</summary>
    public string Name(int id) => textOf.TryGetValue(id, out var text) ? text : throw Lost(id);

    /// <summary>The kinds of all workspaces that have a name.</summary>
    public IEnumerable<int> KindsNamed(string kind) => kinds.Where(k => k.Key.Kind == kind).Select(k => k.Value);

    /// <summary>Reads what was added since the last time: two statements, whose rows go to <see cref="Add"/>.</summary>
    public IReadOnlyList<SqlStatement> Newer()
    {
        var after = Volatile.Read(ref last);
        var kind = new SqlStatement(dialect, $"select id, workspace, name from {dialect.Table("kind")} where id > ");
        kind.Append(kind.Add(after));
        var name = new SqlStatement(dialect, $"select id, kind, text from {dialect.Table("name")} where id > ");
        name.Append(name.Add(after)).Append(" order by id");
        return [kind, name];
    }

    /// <summary>Takes a row of one of the statements of <see cref="Newer"/>.</summary>
    public void Add(bool isKind, DbDataReader row)
    {
        if (isKind)
        {
            AddKind(row.GetString(1), row.GetString(2), row.GetInt32(0));
        }
        else
        {
            AddName(row.GetInt32(1), row.GetString(2), row.GetInt32(0));
        }
    }

    /// <summary>Reads what was added since the last time, in a transaction that is one snapshot or holds the store's lock: with two, a kind between them would be passed over for ever.</summary>
    public async Task RefreshAsync(SqlSession session, CancellationToken cancellationToken)
    {
        var newest = 0;
        await session.RunAsync(Newer(), (i, row) => { Add(i == 0, row); newest = Math.Max(newest, row.GetInt32(0)); }, cancellationToken).ConfigureAwait(false);
        Reached(newest);
    }

    /// <summary>Everything up to a number is known now. Kinds and names share one counter.</summary>
    public void Reached(int id)
    {
        int seen;
        while (id > (seen = Volatile.Read(ref last)) && Interlocked.CompareExchange(ref last, id, seen) != seen)
        {
        }
    }

    public void AddKind(string workspace, string kind, int id)
    {
        kindOf[id] = (workspace, kind);
        kinds[(workspace, kind)] = id;
    }

    public void AddName(int kind, string text, int id)
    {
        textOf[id] = text;
        names[(kind, text)] = id;
    }

    private CorruptedException Lost(int id) => new CorruptedException($"The {dialect.Name} metadata store uses the name number {id}, which is in neither of the tables kind and name. Restore it from a backup.") { Store = dialect.Name };
}
