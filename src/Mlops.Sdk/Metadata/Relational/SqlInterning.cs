namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Finds the numbers of kinds and names inside a commit, and hands out new ones.</summary>
internal sealed class SqlInterning(SqlNames committed, SqlState state)
{
    public int Kind(string workspace, string kind)
    {
        if (!committed.TryKind(workspace, kind, out var id) && !state.NewKinds.TryGetValue((workspace, kind), out id))
        {
            id = Next();
            state.NewKinds.Add((workspace, kind), id);
        }

        return id;
    }

    public int Name(int kind, string text)
    {
        if (!committed.TryName(kind, text, out var id) && !state.NewNames.TryGetValue((kind, text), out id))
        {
            id = Next();
            state.NewNames.Add((kind, text), id);
        }

        return id;
    }

    /// <summary>Tells everyone, after the commit.</summary>
    public void Publish()
    {
        foreach (var ((workspace, kind), id) in state.NewKinds)
        {
            committed.AddKind(workspace, kind, id);
        }

        foreach (var ((kind, text), id) in state.NewNames)
        {
            committed.AddName(kind, text, id);
        }
    }

    private int Next()
    {
        var names = state.Counters.Names + 1;
        state.Counters = state.Counters with { Names = names };
        return names;
    }
}
