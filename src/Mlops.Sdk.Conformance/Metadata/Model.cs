namespace Mlops.Sdk.Metadata;

/// <summary>
/// What a metadata store must do, written a second time with mutable lists and linear searches, and sharing no code with any store. The only things taken from the store under test
/// are its clock and its positions.
/// </summary>
internal sealed class Model
{
    public List<ModelRow> Items { get; private set; } = [];

    public List<Link> Links { get; private set; } = [];

    public List<(EntityId Subject, string Type)> Events { get; private set; } = [];

    private Dictionary<string, int> Numbers { get; set; } = [];

    private int Created { get; set; }

    public ModelRow? this[EntityId id] => Items.Find(i => i.Id == id);

    /// <summary>Applies a changeset and returns the ids that it creates, or applies nothing and returns the first conflict.</summary>
    public (List<EntityId> Created, (int Change, ConflictKind Kind)? Conflict) Apply(Changeset changeset, DateTimeOffset at)
    {
        var (items, links, events, numbers, sequence) = (Items, Links, Events, Numbers, Created);
        (Items, Links, Events, Numbers) = ([.. Items.Select(i => i.Copy())], [.. Links], [.. Events], new(Numbers));
        var created = new List<EntityId>();
        var numbered = new Dictionary<EntityId, EntityId>();
        for (var i = 0; i < changeset.Changes.Count; i++)
        {
            if (One(changeset.Changes[i], id => numbered.GetValueOrDefault(id, id), at, created) is { } conflict)
            {
                (Items, Links, Events, Numbers, Created) = (items, links, events, numbers, sequence);
                return ([], (i, conflict));
            }

            if (changeset.Changes[i] is Change.CreateNumbered)
            {
                numbered[EntityId.CreatedBy(i)] = created[^1];
            }
        }

        return (created, null);
    }

    public bool Matches(ModelRow item, EntityFilter? filter) => filter switch
    {
        null => true,
        EntityFilter.All f => f.Of.All(x => Matches(item, x)),
        EntityFilter.Any f => f.Of.Any(x => Matches(item, x)),
        EntityFilter.Not f => !Matches(item, f.Of),
        EntityFilter.Present f => item.Value(f.Attribute) is not null,
        EntityFilter.Compare f => item.Value(f.Attribute) is { } actual && ModelFilter.Holds(actual, f),
        EntityFilter.Linked { Direction: LinkDirection.Out } f => Links.Any(l => l.From == item.Id && l.Relation == f.Relation && Matches(this[l.To]!, f.Of)),
        EntityFilter.Linked f => Links.Any(l => l.To == item.Id && l.Relation == f.Relation && Matches(this[l.From]!, f.Of)),
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    public List<string> Select(EntityQuery query)
    {
        var rows = Items.Where(i => i.Id.Kind == query.Kind && i.Id.Workspace == query.Workspace && Matches(i, query.Filter)).OrderByDescending(i => i.Sequence).ToList();
        var order = query.Order.Count == 0 ? new("@created", true) : query.Order[0];
        if (order.Attribute == "@created")
        {
            rows = order.Descending ? rows : [.. rows.OrderBy(i => i.Sequence)];
            return [.. rows.Select(i => i.Id.Key)];
        }

        // The sort is stable, so ties stay newest first.
        var numbers = rows.Where(i => i.Value(order.Attribute) is { Number: not null and not double.NaN });
        var nan = rows.Where(i => i.Value(order.Attribute) is { Number: double.NaN });
        var texts = rows.Where(i => i.Value(order.Attribute) is { Text: not null });
        var absent = rows.Where(i => i.Value(order.Attribute) is null);
        var byText = Comparer<string>.Create(ModelFilter.CompareText);
        numbers = order.Descending ? numbers.OrderByDescending(i => i.Value(order.Attribute)!.Value.Number + 0.0) : numbers.OrderBy(i => i.Value(order.Attribute)!.Value.Number + 0.0);
        texts = order.Descending ? texts.OrderByDescending(i => i.Value(order.Attribute)!.Value.Text!, byText) : texts.OrderBy(i => i.Value(order.Attribute)!.Value.Text!, byText);
        return [.. numbers.Concat(nan).Concat(texts).Concat(absent).Select(i => i.Id.Key)];
    }

    private ConflictKind? One(Change change, Func<EntityId, EntityId> named, DateTimeOffset at, List<EntityId> created)
    {
        ModelRow? item;
        switch (change)
        {
            case Change.Create c:
                return Create(c.Id, c.Body, c.Attributes, at, created);
            case Change.CreateNumbered c:
                var sequence = $"{c.Kind}\n{c.Scope}";
                Numbers[sequence] = Numbers.GetValueOrDefault(sequence) + 1;
                return Create(new(c.Kind, $"{c.Scope.Key}/{Numbers[sequence]}", c.Scope.Workspace), c.Body, new Dictionary<string, AttributeValue>(c.Attributes) { ["number"] = Numbers[sequence] }, at, created);
            case Change.Note c:
                Events.Add((named(c.Subject), c.Type));
                return null;
            case Change.Connect c:
                var link = new Link(named(c.Link.From), c.Link.Relation, named(c.Link.To));
                Links = [.. Links.Where(l => l != link), link];
                return this[link.From] is null || this[link.To] is null ? ConflictKind.Missing : null;
            case Change.Disconnect c:
                var gone = new Link(named(c.Link.From), c.Link.Relation, named(c.Link.To));
                Links = [.. Links.Where(l => l != gone)];
                return this[gone.From] is null || this[gone.To] is null ? ConflictKind.Missing : null;
            case Change.Require { Absent: true } c:
                return this[named(c.Id)] is null ? null : ConflictKind.Exists;
            case Change.Require c:
                item = this[named(c.Id)];
                return item is null ? ConflictKind.Missing
                    : c.Revision is { } wanted && wanted != item.Revision ? ConflictKind.Revision
                    : c.Attribute is { } name && !Equals(item.Value(name), c.Equal) ? ConflictKind.Attribute
                    : c.UnmodifiedSince is { } since && item.Modified > since ? ConflictKind.Modified : null;
            case Change.Put c:
                item = this[named(c.Id)];
                if (item?.Revision != c.Revision)
                {
                    return item is null ? ConflictKind.Missing : ConflictKind.Revision;
                }

                (item.Body, item.Modified, item.Revision) = (c.Body, at, item.Revision + 1);
                item.Set(c.Attributes);
                return null;
            case Change.Delete c:
                item = this[named(c.Id)];
                if (item?.Revision != c.Revision)
                {
                    return item is null ? ConflictKind.Missing : ConflictKind.Revision;
                }

                Items.Remove(item);
                Links = [.. Links.Where(l => l.From != item.Id && l.To != item.Id)];
                return null;
            case Change.Set c:
                item = this[named(c.Id)];
                item?.Set(c.Name, c.Value, at);
                return item is null ? ConflictKind.Missing : null;
            case Change.SetOnce c:
                item = this[named(c.Id)];
                if (item?.Value(c.Name) is { } value)
                {
                    return value == c.Value ? null : ConflictKind.Attribute;
                }

                item?.Set(c.Name, c.Value, at);
                return item is null ? ConflictKind.Missing : null;
            case Change.Touch c:
                item = this[named(c.Id)];
                item?.Modified = at;
                return item is null ? ConflictKind.Missing : null;
            case Change.Append c:
                item = this[named(c.Owner)];
                item?.Append(c.Points);
                return item is null ? ConflictKind.Missing : null;
            default:
                throw new ArgumentOutOfRangeException(nameof(change));
        }
    }

    private ConflictKind? Create(EntityId id, EntityBody body, IReadOnlyDictionary<string, AttributeValue> attributes, DateTimeOffset at, List<EntityId> created)
    {
        if (this[id] is not null)
        {
            return ConflictKind.Exists;
        }

        var item = new ModelRow { Id = id, Sequence = ++Created, Body = body, Created = at, Modified = at };
        item.Set(attributes);
        Items.Add(item);
        created.Add(id);
        return null;
    }
}
