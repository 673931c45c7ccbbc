using System.Globalization;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Applies one changeset to the state in memory.</summary>
internal sealed class SqlChangeset(SqlState state, SqlInterning names, Changeset changeset, long at)
{
    private readonly List<EntityId> created = [];
    private readonly List<Conflict> conflicts = [];
    private readonly EntityId[] numbered = new EntityId[changeset.Changes.Count];
    private readonly List<(long Owner, int Metric, MetricPoint Point)> points = [];
    private readonly List<object?[]> events = [];
    private long entities = state.Counters.Entities;
    private long position = state.Counters.Position;

    public CommitResult Apply()
    {
        for (var i = 0; i < changeset.Changes.Count; i++)
        {
            Apply(i, changeset.Changes[i]);
        }

        if (conflicts.Count > 0)
        {
            state.Refuse();
            return new(0, SqlTime.Read(at), [], conflicts);
        }

        // A commit without events takes a position too, so that positions grow with every commit.
        position = Math.Max(position, state.Counters.Position + 1);
        state.Accept();
        state.Points.AddRange(points);
        state.Events.AddRange(events);
        state.Counters = state.Counters with { Position = position, Committed = at, Entities = entities };
        var result = new CommitResult(position, SqlTime.Read(at), created, []);
        state.Changesets.Add((changeset.Id, result));
        return result;
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
                CreateNumbered(i, c);
                break;
            case Change.Put c when Expect(i, c.Id, c.Revision) is { } entity:
                Update(c.Id, entity with { Revision = entity.Revision + 1, Modified = at, Body = c.Body });
                foreach (var (name, value) in c.Attributes)
                {
                    Set(entity, name, value);
                }

                break;
            case Change.Delete c when Expect(i, c.Id, c.Revision) is not null:
                state.Entities.Set(Resolve(c.Id), null);
                break;
            case Change.Set c when Existing(i, c.Id) is { } entity:
                Set(entity, c.Name, c.Value);
                Update(c.Id, entity with { Modified = at });
                break;
            case Change.SetOnce c when Existing(i, c.Id) is { } entity:
                SetOnce(i, entity, c);
                break;
            case Change.Touch c when Existing(i, c.Id) is { } entity:
                Update(c.Id, entity with { Modified = at });
                break;
            case Change.Append c when Existing(i, c.Owner) is { } entity:
                Append(entity, c.Points);
                break;
            case Change.Connect c when Existing(i, c.Link.From) is { } from && Existing(i, c.Link.To) is { } to:
                state.Links.Set((from.Sequence, names.Name(SqlSchema.NoKind, c.Link.Relation), to.Sequence), true);
                break;
            case Change.Disconnect c when Existing(i, c.Link.From) is { } from && Existing(i, c.Link.To) is { } to:
                state.Links.Set((from.Sequence, names.Name(SqlSchema.NoKind, c.Link.Relation), to.Sequence), false);
                break;
            case Change.Note c:
                var subject = Resolve(c.Subject);
                events.Add([++position, at, changeset.Actor, names.Kind(subject.Workspace, subject.Kind), subject.Key, names.Name(SqlSchema.NoKind, c.Type), c.Why, c.Body.ToArray()]);
                break;
        }
    }

    private void Require(int i, Change.Require c)
    {
        var id = Resolve(c.Id);
        var found = state.Entities.Find(id);
        if (c.Absent)
        {
            if (found is not null)
            {
                conflicts.Add(new(i, id, ConflictKind.Exists, found.Revision));
            }
        }
        else if (found is null)
        {
            conflicts.Add(new(i, id, ConflictKind.Missing));
        }
        else if (c.Revision is { } revision && revision != found.Revision)
        {
            conflicts.Add(new(i, id, ConflictKind.Revision, found.Revision));
        }
        else if (c.Attribute is { } name && Value(found, name) is var actual && actual != c.Equal)
        {
            conflicts.Add(new(i, id, ConflictKind.Attribute, found.Revision, actual));
        }
        else if (c.UnmodifiedSince < SqlTime.Read(found.Modified))
        {
            conflicts.Add(new(i, id, ConflictKind.Modified, found.Revision));
        }
    }

    private void CreateNumbered(int i, Change.CreateNumbered c)
    {
        var sequence = (names.Kind(c.Scope.Workspace, c.Kind), names.Kind(c.Scope.Workspace, c.Scope.Kind), c.Scope.Key);
        var number = state.Sequences.Find(sequence) + 1;
        state.Sequences.Set(sequence, number);
        numbered[i] = new(c.Kind, string.Create(CultureInfo.InvariantCulture, $"{c.Scope.Key}/{number}"), c.Scope.Workspace);
        created.Add(numbered[i]);
        Create(i, numbered[i], c.Body, c.Attributes, number);
    }

    private void Create(int i, EntityId id, EntityBody body, IReadOnlyDictionary<string, AttributeValue> attributes, double? number)
    {
        if (state.Entities.Find(id) is { } existing)
        {
            conflicts.Add(new(i, id, ConflictKind.Exists, existing.Revision));
            return;
        }

        var entity = new SqlEntity(++entities, names.Kind(id.Workspace, id.Kind), 1, at, at, body);
        state.Entities.Set(id, entity);
        foreach (var (name, value) in attributes)
        {
            Set(entity, name, value);
        }

        if (number is { } n)
        {
            Set(entity, "number", n);
        }
    }

    private void SetOnce(int i, SqlEntity entity, Change.SetOnce c)
    {
        if (Value(entity, c.Name) is not { } actual)
        {
            Set(entity, c.Name, c.Value);
            Update(c.Id, entity with { Modified = at });
        }
        else if (actual != c.Value)
        {
            conflicts.Add(new(i, Resolve(c.Id), ConflictKind.Attribute, entity.Revision, actual));
        }
    }

    private void Append(SqlEntity owner, IReadOnlyList<MetricPoint> given)
    {
        foreach (var point in given)
        {
            var name = names.Name(owner.Kind, point.Key);
            var kept = point with { Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(point.Timestamp.ToUnixTimeMilliseconds()) };
            points.Add((owner.Sequence, name, kept));
            if (state.Attributes.Find((owner.Sequence, name)) is not { Step: { } step, Timestamp: { } timestamp, Value.Number: { } value }
                || AttributeOrder.ComparePoint(kept, new(point.Key, step, DateTimeOffset.FromUnixTimeMilliseconds(timestamp), value)) >= 0)
            {
                state.Attributes.Set((owner.Sequence, name), new(kept.Value, kept.Step, kept.Timestamp.ToUnixTimeMilliseconds()));
            }
        }
    }

    private AttributeValue? Value(SqlEntity entity, string name) => state.Attributes.Find((entity.Sequence, names.Name(entity.Kind, name)))?.Value;

    private void Set(SqlEntity entity, string name, AttributeValue? value) => state.Attributes.Set((entity.Sequence, names.Name(entity.Kind, name)), new(value));

    private void Update(EntityId id, SqlEntity entity) => state.Entities.Set(Resolve(id), entity);

    private SqlEntity? Existing(int i, EntityId given)
    {
        var id = Resolve(given);
        var found = state.Entities.Find(id);
        if (found is null)
        {
            conflicts.Add(new(i, id, ConflictKind.Missing));
        }

        return found;
    }

    private SqlEntity? Expect(int i, EntityId given, long revision)
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
