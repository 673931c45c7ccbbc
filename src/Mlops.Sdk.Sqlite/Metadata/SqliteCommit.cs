using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>The counters of the store. Read at the start of each transaction and written at its end.</summary>
internal record struct SqliteCounters(long Position, long At, long Sequence);

/// <summary>The parts that a commit writes through; one set for the writing connection.</summary>
internal sealed record SqliteTables(SqliteConnectionHandle Connection, SqliteNameWriter Names, SqliteAttributes Attributes, SqliteEntities Entities);

/// <summary>Applies one changeset inside a transaction. The caller rolls back when there is a conflict.</summary>
internal sealed class SqliteCommit(SqliteTables tables, Changeset changeset, SqliteCounters before, long at)
{
    private readonly List<EntityId> created = [];
    private readonly List<Conflict> conflicts = [];
    private readonly EntityId[] numbered = new EntityId[changeset.Changes.Count];
    private SqliteCounters counters = before with { At = at };

    public (SqliteCounters Counters, CommitResult Result) Apply()
    {
        for (var i = 0; i < changeset.Changes.Count; i++)
        {
            Apply(i, changeset.Changes[i]);
        }

        if (conflicts.Count > 0)
        {
            return (before, new(0, SqliteClock.Time(at), [], conflicts));
        }

        // A commit without events takes a position too, so that positions grow with every commit.
        if (counters.Position == before.Position)
        {
            counters.Position++;
        }

        var result = new CommitResult(counters.Position, SqliteClock.Time(at), created, []);
        SqliteReplay.Write(tables.Connection, changeset.Id, result);
        return (counters, result);
    }

    private void Apply(int i, Change change)
    {
        switch (change)
        {
            case Change.Require c:
                Require(i, c);
                break;
            case Change.Create c:
                created.Add(c.Id);
                Create(i, c.Id, c.Body, c.Attributes, null);
                break;
            case Change.CreateNumbered c:
                var number = tables.Entities.Next(c.Kind, c.Scope);
                numbered[i] = new(c.Kind, string.Create(CultureInfo.InvariantCulture, $"{c.Scope.Key}/{number}"), c.Scope.Workspace);
                created.Add(numbered[i]);
                Create(i, numbered[i], c.Body, c.Attributes, number);
                break;
            case Change.Put c when Expect(i, c.Id, c.Revision) is { } entity:
                tables.Entities.Put(entity, c.Body, c.Attributes, at);
                break;
            case Change.Delete c when Expect(i, c.Id, c.Revision) is { } entity:
                tables.Entities.Delete(entity);
                break;
            case Change.Set c when Existing(i, c.Id) is { } entity:
                tables.Attributes.Set(entity, c.Name, c.Value);
                tables.Entities.Touch(entity, at);
                break;
            case Change.SetOnce c when Existing(i, c.Id) is { } entity:
                SetOnce(i, Resolve(c.Id), entity, c);
                break;
            case Change.Touch c when Existing(i, c.Id) is { } entity:
                tables.Entities.Touch(entity, at);
                break;
            case Change.Append c when Existing(i, c.Owner) is { } entity:
                tables.Attributes.Append(entity, c.Points);
                break;
            case Change.Connect c when Existing(i, c.Link.From) is { } from && Existing(i, c.Link.To) is { } to:
                tables.Entities.Connect(from, c.Link.Relation, to);
                break;
            case Change.Disconnect c when Existing(i, c.Link.From) is { } from && Existing(i, c.Link.To) is { } to:
                tables.Entities.Disconnect(from, c.Link.Relation, to);
                break;
            case Change.Note c:
                Note(c);
                break;
        }
    }

    private void Require(int i, Change.Require c)
    {
        var id = Resolve(c.Id);
        var found = tables.Entities.Find(id);
        if (c.Absent)
        {
            if (found is { } existing)
            {
                conflicts.Add(new(i, id, ConflictKind.Exists, existing.Revision));
            }
        }
        else if (found is not { } entity)
        {
            conflicts.Add(new(i, id, ConflictKind.Missing));
        }
        else if (c.Revision is { } revision && revision != entity.Revision)
        {
            conflicts.Add(new(i, id, ConflictKind.Revision, entity.Revision));
        }
        else if (c.Attribute is { } name && tables.Attributes.Find(entity, name) is var actual && actual != c.Equal)
        {
            conflicts.Add(new(i, id, ConflictKind.Attribute, entity.Revision, actual));
        }
        else if (c.UnmodifiedSince < SqliteClock.Time(entity.Modified))
        {
            conflicts.Add(new(i, id, ConflictKind.Modified, entity.Revision));
        }
    }

    private void Create(int i, EntityId id, EntityBody body, IReadOnlyDictionary<string, AttributeValue> attributes, double? number)
    {
        if (tables.Entities.Find(id) is { } existing)
        {
            conflicts.Add(new(i, id, ConflictKind.Exists, existing.Revision));
            return;
        }

        counters.Sequence++;
        tables.Entities.Create(id, counters.Sequence, body, attributes, number, at);
    }

    private void SetOnce(int i, EntityId id, SqliteRow entity, Change.SetOnce c)
    {
        if (tables.Attributes.Find(entity, c.Name) is not { } actual)
        {
            tables.Attributes.Set(entity, c.Name, c.Value);
            tables.Entities.Touch(entity, at);
        }
        else if (actual != c.Value)
        {
            conflicts.Add(new(i, id, ConflictKind.Attribute, entity.Revision, actual));
        }
    }

    private void Note(Change.Note c)
    {
        counters.Position++;
        var subject = Resolve(c.Subject);
        tables.Connection["insert into event values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"]
            .Bind(1, counters.Position).Bind(2, at).Bind(3, changeset.Actor).Bind(4, tables.Names.Kind(subject.Workspace, subject.Kind)).Bind(5, subject.Key)
            .Bind(6, tables.Names.Name(SqliteNames.NoKind, c.Type)).Bind(7, c.Why).Bind(8, c.Body.Span).Run();
    }

    private SqliteRow? Existing(int i, EntityId given)
    {
        var id = Resolve(given);
        var found = tables.Entities.Find(id);
        if (found is null)
        {
            conflicts.Add(new(i, id, ConflictKind.Missing));
        }

        return found;
    }

    private SqliteRow? Expect(int i, EntityId given, long revision)
    {
        if (Existing(i, given) is not { } entity)
        {
            return null;
        }

        if (entity.Revision == revision)
        {
            return entity;
        }

        conflicts.Add(new(i, Resolve(given), ConflictKind.Revision, entity.Revision));
        return null;
    }

    private EntityId Resolve(EntityId id) => id.Kind == EntityId.CreatedKind ? numbered[int.Parse(id.Key, CultureInfo.InvariantCulture)] : id;
}
