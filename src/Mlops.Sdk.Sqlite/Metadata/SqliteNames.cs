using System.Collections.Concurrent;

namespace Mlops.Sdk.Metadata;

/// <summary>The interned kinds and names that are known to be committed, shared by all connections. They are never removed, so a hit is always true.</summary>
internal sealed class SqliteNames
{
    /// <summary>The kind of names that belong to no kind: relations and event types.</summary>
    public const int NoKind = 0;

    private readonly ConcurrentDictionary<(string Workspace, string Kind), int> kinds = new();
    private readonly ConcurrentDictionary<int, (string Workspace, string Kind)> kindOf = new();
    private readonly ConcurrentDictionary<(int Kind, string Text), int> names = new();
    private readonly ConcurrentDictionary<int, string> textOf = new();

    /// <summary>The number of a kind, or null when no entity or event ever had it in the snapshot of the connection.</summary>
    public int? FindKind(SqliteConnectionHandle connection, string workspace, string kind) =>
        TryKind(workspace, kind, out var id) ? id
        : !MetadataLimits.CanExist(new EntityId(kind, "any", workspace)) ? null
        : (int?)connection["select id from kind where workspace = ?1 and name = ?2"].Bind(1, workspace).Bind(2, kind).Scalar();

    /// <summary>The number of a name, or null when it was never used in the snapshot of the connection.</summary>
    public int? FindName(SqliteConnectionHandle connection, int kind, string text) =>
        TryName(kind, text, out var id) ? id : !MetadataLimits.CanExist(text) ? null : (int?)connection["select id from name where kind = ?1 and text = ?2"].Bind(1, kind).Bind(2, text).Scalar();

    /// <summary>The kind of a number. Only for readers, whose snapshot holds committed rows alone.</summary>
    public (string Workspace, string Kind) Kind(SqliteConnectionHandle connection, int id)
    {
        if (!kindOf.TryGetValue(id, out var kind))
        {
            var row = connection["select workspace, name from kind where id = ?1"].Bind(1, id);
            row.Step();
            kind = (row.Text(0), row.Text(1));
            row.Reset();
            AddKind(kind.Workspace, kind.Kind, id);
        }

        return kind;
    }

    /// <summary>The name of a number. Only for readers, whose snapshot holds committed rows alone.</summary>
    public string Name(SqliteConnectionHandle connection, int id)
    {
        if (!textOf.TryGetValue(id, out var text))
        {
            var row = connection["select kind, text from name where id = ?1"].Bind(1, id);
            row.Step();
            text = row.Text(1);
            AddName((int)row.Long(0), text, id);
            row.Reset();
        }

        return text;
    }

    public bool TryKind(string workspace, string kind, out int id) => kinds.TryGetValue((workspace, kind), out id);

    public bool TryName(int kind, string text, out int id) => names.TryGetValue((kind, text), out id);

    public void AddKind(string workspace, string kind, int id)
    {
        kinds[(workspace, kind)] = id;
        kindOf[id] = (workspace, kind);
    }

    public void AddName(int kind, string text, int id)
    {
        names[(kind, text)] = id;
        textOf[id] = text;
    }
}
