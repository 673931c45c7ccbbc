using System.Collections.Immutable;
using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>Applies one changeset to a state.</summary>
internal sealed class InMemoryCommit(InMemoryState before, Changeset changeset, DateTimeOffset at)
{
    private readonly InMemoryState start = before;
    private readonly List<EntityId> created = [];
    private readonly List<Conflict> conflicts = [];
    private readonly EntityId[] numbered = new EntityId[changeset.Changes.Count];
    private InMemoryState state = before;

    /// <summary>The result, and the state after it: the one before when there was a conflict.</summary>
    public (InMemoryState State, CommitResult Result) Apply()
    {
        for (var i = 0; i < changeset.Changes.Count; i++)
        {
            Apply(i, changeset.Changes[i]);
        }

        if (conflicts.Count > 0)
        {
            return (start, new(0, at, [], conflicts));
        }

        // A commit without events takes a position too, so that positions grow with every commit.
        var position = state.Position > start.Position ? state.Position : start.Position + 1;
        var result = new CommitResult(position, at, created, []);
        return (state with { Position = position, At = at, Results = state.Results.Add(changeset.Id, result) }, result);
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
                Create(i, c.Id, c.Body, c.Attributes);
                break;
            case Change.CreateNumbered c:
                var scope = Resolve(c.Scope);
                var number = state.Numbers.GetValueOrDefault((c.Kind, scope)) + 1;
                state = state with { Numbers = state.Numbers.SetItem((c.Kind, scope), number) };
                numbered[i] = new(c.Kind, string.Create(CultureInfo.InvariantCulture, $"{scope.Key}/{number}"), scope.Workspace);
                created.Add(numbered[i]);
                if (Create(i, numbered[i], c.Body, c.Attributes))
                {
                    Update(numbered[i], e => e.With("number", number));
                }

                break;
            case Change.Put c when Expect(i, c.Id, c.Revision) is { } id:
                Update(id, e => (e with { Body = Copy(c.Body), Revision = e.Revision + 1, Modified = at }).With(c.Attributes));
                break;
            case Change.Delete c when Expect(i, c.Id, c.Revision) is { } id:
                Delete(id);
                break;
            case Change.Set c when Existing(i, c.Id) is { } id:
                Update(id, e => e.With(c.Name, c.Value) with { Modified = at });
                break;
            case Change.SetOnce c when Existing(i, c.Id) is { } id:
                SetOnce(i, id, c);
                break;
            case Change.Touch c when Existing(i, c.Id) is { } id:
                Update(id, e => e with { Modified = at });
                break;
            case Change.Append c when Existing(i, c.Owner) is { } id:
                Update(id, e => c.Points.Aggregate(e, Append));
                break;
            case Change.Connect c when Existing(i, c.Link.From) is { } from && Existing(i, c.Link.To) is { } to:
                Update(from, e => e with { Out = e.Out.Add(new(from, c.Link.Relation, to)) });
                Update(to, e => e with { In = e.In.Add(new(from, c.Link.Relation, to)) });
                break;
            case Change.Disconnect c when Existing(i, c.Link.From) is { } from && Existing(i, c.Link.To) is { } to:
                Disconnect(new(from, c.Link.Relation, to));
                break;
            case Change.Note c:
                var position = state.Position + 1;
                var stored = new StoredEvent(position, at, changeset.Actor, Resolve(c.Subject), c.Type, c.Why, c.Body.ToArray());
                state = state with { Position = position, Events = state.Events.Add(stored) };
                break;
        }
    }

    private void Require(int i, Change.Require c)
    {
        var id = Resolve(c.Id);
        var entity = state.Entities.GetValueOrDefault(id);
        if (c.Absent)
        {
            if (entity is not null)
            {
                conflicts.Add(new(i, id, ConflictKind.Exists, entity.Revision));
            }
        }
        else if (entity is null)
        {
            conflicts.Add(new(i, id, ConflictKind.Missing));
        }
        else if (c.Revision is { } revision && revision != entity.Revision)
        {
            conflicts.Add(new(i, id, ConflictKind.Revision, entity.Revision));
        }
        else if (c.Attribute is { } name && Actual(entity, name) != c.Equal)
        {
            conflicts.Add(new(i, id, ConflictKind.Attribute, entity.Revision, Actual(entity, name)));
        }
        else if (c.UnmodifiedSince < entity.Modified)
        {
            conflicts.Add(new(i, id, ConflictKind.Modified, entity.Revision));
        }
    }

    private bool Create(int i, EntityId id, EntityBody body, IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        if (state.Entities.TryGetValue(id, out var existing))
        {
            conflicts.Add(new(i, id, ConflictKind.Exists, existing.Revision));
            return false;
        }

        var sequence = state.LastSequence + 1;
        state = state with { LastSequence = sequence, Entities = state.Entities.Add(id, new InMemoryEntity(id, sequence, 1, Copy(body), at, at).With(attributes)) };
        return true;
    }

    private void Delete(EntityId id)
    {
        var entity = state.Entities[id];
        foreach (var link in entity.Out.Union(entity.In))
        {
            Disconnect(link);
        }

        state = state with { Entities = state.Entities.Remove(id) };
    }

    private void SetOnce(int i, EntityId id, Change.SetOnce c)
    {
        var entity = state.Entities[id];
        if (Actual(entity, c.Name) is not { } actual)
        {
            Update(id, e => e.With(c.Name, c.Value) with { Modified = at });
        }
        else if (actual != c.Value)
        {
            conflicts.Add(new(i, id, ConflictKind.Attribute, entity.Revision, actual));
        }
    }

    private static InMemoryEntity Append(InMemoryEntity entity, MetricPoint point)
    {
        point = point with { Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(point.Timestamp.ToUnixTimeMilliseconds()) };
        var points = entity.Points.GetValueOrDefault(point.Key) ?? ImmutableSortedSet.Create(InMemoryEntity.PointOrder);
        entity = entity with { Points = entity.Points.SetItem(point.Key, points.Add(point)) };
        return entity.Latest.TryGetValue(point.Key, out var latest) && AttributeOrder.ComparePoint(point, latest) < 0
            ? entity
            : entity.With(point.Key, point.Value) with { Latest = entity.Latest.SetItem(point.Key, point) };
    }

    private void Disconnect(Link link)
    {
        Update(link.From, e => e with { Out = e.Out.Remove(link) });
        Update(link.To, e => e with { In = e.In.Remove(link) });
    }

    private EntityId? Existing(int i, EntityId given)
    {
        var id = Resolve(given);
        if (state.Entities.ContainsKey(id))
        {
            return id;
        }

        conflicts.Add(new(i, id, ConflictKind.Missing));
        return null;
    }

    private EntityId? Expect(int i, EntityId given, long revision)
    {
        if (Existing(i, given) is not { } id)
        {
            return null;
        }

        var actual = state.Entities[id].Revision;
        if (actual == revision)
        {
            return id;
        }

        conflicts.Add(new(i, id, ConflictKind.Revision, actual));
        return null;
    }

    private void Update(EntityId id, Func<InMemoryEntity, InMemoryEntity> change) =>
        state = state with { Entities = state.Entities.SetItem(id, change(state.Entities[id])) };

    private EntityId Resolve(EntityId id) => id.Kind == EntityId.CreatedKind ? numbered[int.Parse(id.Key, CultureInfo.InvariantCulture)] : id;

    private static AttributeValue? Actual(InMemoryEntity entity, string name) => entity.Attributes.TryGetValue(name, out var value) ? value : default(AttributeValue?);

    private static EntityBody Copy(EntityBody body) => body with { Bytes = body.Bytes.ToArray() };
}
