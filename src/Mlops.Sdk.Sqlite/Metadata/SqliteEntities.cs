namespace Mlops.Sdk.Metadata;

/// <summary>What a commit needs to know of a stored entity.</summary>
internal readonly record struct SqliteRow(long Sequence, int Kind, long Revision, long Modified);

/// <summary>Writes entities and links inside a transaction.</summary>
internal sealed class SqliteEntities(SqliteConnectionHandle connection, SqliteNameWriter names, SqliteAttributes attributes)
{
    public SqliteRow? Find(EntityId id)
    {
        var kind = names.Kind(id.Workspace, id.Kind);
        var row = connection["select seq, revision, modified from entity where kind = ?1 and id = ?2"].Bind(1, kind).Bind(2, id.Key);
        if (!row.Step())
        {
            return null;
        }

        var found = new SqliteRow(row.Long(0), kind, row.Long(1), row.Long(2));
        row.Reset();
        return found;
    }

    public SqliteRow Create(EntityId id, long sequence, EntityBody body, IReadOnlyDictionary<string, AttributeValue> values, double? number, long at)
    {
        var entity = new SqliteRow(sequence, names.Kind(id.Workspace, id.Kind), 1, at);
        connection["insert into entity values (?1, ?2, ?3, 1, ?4, ?5, ?5, ?6)"].Bind(1, sequence).Bind(2, entity.Kind).Bind(3, id.Key).Bind(4, body.Version).Bind(5, at).Bind(6, body.Bytes.Span).Run();
        foreach (var (name, value) in values)
        {
            if (number is null || name != "number")
            {
                attributes.Insert(entity, name, value);
            }
        }

        if (number is { } n)
        {
            attributes.Insert(entity, "number", n);
        }

        return entity;
    }

    public void Put(SqliteRow entity, EntityBody body, IReadOnlyDictionary<string, AttributeValue> values, long at)
    {
        connection["update entity set revision = revision + 1, version = ?2, modified = ?3, body = ?4 where seq = ?1"].Bind(1, entity.Sequence).Bind(2, body.Version).Bind(3, at).Bind(4, body.Bytes.Span).Run();
        foreach (var (name, value) in values)
        {
            attributes.Set(entity, name, value);
        }
    }

    public void Touch(SqliteRow entity, long at) => connection["update entity set modified = ?2 where seq = ?1"].Bind(1, entity.Sequence).Bind(2, at).Run();

    /// <summary>Points become invisible at once, because sequence numbers are never used again, and are removed later in slices: a million of them would hold up every writer.</summary>
    public void Delete(SqliteRow entity)
    {
        foreach (var sql in (ReadOnlySpan<string>)[
            "delete from entity where seq = ?1",
            "delete from number where entity = ?1",
            "delete from text where entity = ?1",
            "delete from link where source = ?1",
            "delete from link where target = ?1",
            "insert into purge select ?1 where exists (select 1 from point where owner = ?1)"])
        {
            connection[sql].Bind(1, entity.Sequence).Run();
        }
    }

    public void Connect(SqliteRow from, string relation, SqliteRow to) =>
        Link("insert or ignore into link values (?1, ?2, ?3)", from, relation, to);

    public void Disconnect(SqliteRow from, string relation, SqliteRow to) =>
        Link("delete from link where source = ?1 and relation = ?2 and target = ?3", from, relation, to);

    /// <summary>The next number of a kind in a scope.</summary>
    public long Next(string kind, EntityId scope) => connection[
        "insert into sequence values (?1, ?2, ?3, 1) on conflict do update set last = last + 1 returning last"]
        .Bind(1, names.Kind(scope.Workspace, kind)).Bind(2, names.Kind(scope.Workspace, scope.Kind)).Bind(3, scope.Key).Scalar()!.Value;

    private void Link(string sql, SqliteRow from, string relation, SqliteRow to) =>
        connection[sql].Bind(1, from.Sequence).Bind(2, names.Name(SqliteNames.NoKind, relation)).Bind(3, to.Sequence).Run();
}
