namespace Mlops.Sdk.Metadata;

/// <summary>Interns kinds and names inside a transaction; the shared cache learns of them only once they are committed.</summary>
internal sealed class SqliteNameWriter(SqliteConnectionHandle connection, SqliteNames committed)
{
    private readonly Dictionary<(string Workspace, string Kind), int> kinds = [];
    private readonly Dictionary<(int Kind, string Text), int> names = [];
    private int? lastKind;
    private string? lastText;
    private int lastId;

    public int Kind(string workspace, string kind)
    {
        if (committed.TryKind(workspace, kind, out var id) || kinds.TryGetValue((workspace, kind), out id))
        {
            return id;
        }

        id = (int)(committed.FindKind(connection, workspace, kind)
            ?? connection["insert into kind(workspace, name) values (?1, ?2) returning id"].Bind(1, workspace).Bind(2, kind).Scalar()!);
        return kinds[(workspace, kind)] = id;
    }

    public int Name(int kind, string text)
    {
        // Points come in runs of one metric.
        if (lastKind == kind && ReferenceEquals(text, lastText))
        {
            return lastId;
        }

        if (!committed.TryName(kind, text, out var id) && !names.TryGetValue((kind, text), out id))
        {
            id = (int)(committed.FindName(connection, kind, text)
                ?? connection["insert into name(kind, text) values (?1, ?2) returning id"].Bind(1, kind).Bind(2, text).Scalar()!);
            names[(kind, text)] = id;
        }

        (lastKind, lastText, lastId) = (kind, text, id);
        return id;
    }

    /// <summary>Forgets what was interned since the last call of <see cref="Publish"/>: it was rolled back.</summary>
    public void Forget()
    {
        kinds.Clear();
        names.Clear();
        lastKind = null;
    }

    /// <summary>Tells everyone, after the commit.</summary>
    public void Publish()
    {
        foreach (var ((workspace, kind), id) in kinds)
        {
            committed.AddKind(workspace, kind, id);
        }

        foreach (var ((kind, text), id) in names)
        {
            committed.AddName(kind, text, id);
        }

        Forget();
    }
}
