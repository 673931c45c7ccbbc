namespace Mlops.Sdk.Metadata;

/// <summary>The limits that hold for names in every store, checked once, centrally, before any provider sees them.</summary>
public static class MetadataLimits
{
    /// <summary>The longest entity key, in characters.</summary>
    public const int MaxKeyLength = 400;

    /// <summary>The longest attribute, metric, relation and event-type name, in characters.</summary>
    public const int MaxNameLength = 250;

    /// <summary>The longest kind and workspace, in characters.</summary>
    public const int MaxKindLength = 64;

    /// <summary>The longest actor, in characters.</summary>
    public const int MaxActorLength = 200;

    /// <summary>The longest body and text attribute that every store accepts, in bytes.</summary>
    public const int InlineBytes = 16 * 1024;

    /// <summary>The deepest nesting of a filter.</summary>
    public const int MaxFilterDepth = 64;

    /// <summary>Checks a changeset against the limits and for being well-formed. Every store calls it first in <see cref="IMetadataStore.CommitAsync"/>, before it does anything.</summary>
    /// <param name="changeset">The changeset.</param>
    /// <param name="maxChanges">The store's own limit, <see cref="StoreInfo.MaxChanges"/>.</param>
    /// <exception cref="ArgumentException">What is wrong, naming the change.</exception>
    public static void Validate(Changeset changeset, int maxChanges)
    {
        ArgumentNullException.ThrowIfNull(changeset);
        if (changeset.Changes.Count > maxChanges)
        {
            throw new ArgumentException($"The changeset has {changeset.Changes.Count} changes; this store takes at most {maxChanges}.", nameof(changeset));
        }

        Name(changeset.Actor, MaxActorLength, "the changeset", "actor");
        if (changeset.Id == Guid.Empty)
        {
            throw new ArgumentException("The changeset has an empty id; use MlopsId.New().", nameof(changeset));
        }

        if (changeset.Changes.Count == 0)
        {
            throw new ArgumentException("The changeset has no changes.", nameof(changeset));
        }

        for (var i = 0; i < changeset.Changes.Count; i++)
        {
            One(changeset, i);
        }
    }

    /// <summary>Checks a query. Every store calls it first in <see cref="IMetadataStore.QueryAsync"/>.</summary>
    /// <exception cref="ArgumentException">What is wrong.</exception>
    public static void Validate(EntityQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        Limit(query.Limit, 1000);
        if (query.Order.Count > 1)
        {
            throw new ArgumentException("A query orders by at most one attribute or built-in name.", nameof(query));
        }

        Validate(query.Filter);
    }

    /// <summary>Checks a filter; null is fine.</summary>
    /// <exception cref="ArgumentException">What is wrong.</exception>
    public static void Validate(EntityFilter? filter)
    {
        if (filter is not null)
        {
            Filter(filter, 1);
        }
    }

    /// <summary>Checks a query. Every store calls it first in <see cref="IMetadataStore.LinksAsync"/>.</summary>
    /// <exception cref="ArgumentException">What is wrong.</exception>
    public static void Validate(LinkQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        Limit(query.Limit, 10_000);
    }

    /// <summary>Checks a query. Every store calls it first in <see cref="IMetadataStore.ReadEventsAsync"/>.</summary>
    /// <exception cref="ArgumentException">What is wrong.</exception>
    public static void Validate(EventQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        Limit(query.Limit, 1000);
    }

    private static void Filter(EntityFilter filter, int depth)
    {
        if (depth > MaxFilterDepth)
        {
            throw new ArgumentException($"The filter is nested deeper than {MaxFilterDepth} levels.");
        }

        switch (filter)
        {
            case EntityFilter.All f:
                foreach (var inner in f.Of)
                {
                    Filter(inner, depth + 1);
                }

                break;
            case EntityFilter.Any f:
                foreach (var inner in f.Of)
                {
                    Filter(inner, depth + 1);
                }

                break;
            case EntityFilter.Not f:
                Filter(f.Of, depth + 1);
                break;
            case EntityFilter.Linked f:
                Filter(f.Of, depth + 1);
                break;
            case EntityFilter.Compare f:
                Compare(f);
                break;
            case EntityFilter.Present:
                break;
            default:
                throw new ArgumentException("null is not a filter.");
        }
    }

    private static void Compare(EntityFilter.Compare compare)
    {
        if (!Enum.IsDefined(compare.Operator))
        {
            throw new ArgumentException($"{compare.Operator} is not a comparison.");
        }

        if (compare.Operator != Comparison.In && compare.Values.Count != 1)
        {
            throw new ArgumentException($"The comparison of '{compare.Attribute}' by {compare.Operator} has {compare.Values.Count} values; it takes exactly one.");
        }

        foreach (var value in compare.Values)
        {
            Text(value.Text, "the filter", compare.Attribute);
        }
    }

    private static void Limit(int limit, int max)
    {
        if (limit < 1 || limit > max)
        {
            throw new ArgumentException($"Limit is {limit}; it is 1 to {max}.");
        }
    }

    private static void One(Changeset changeset, int index)
    {
        var where = $"change {index}";
        switch (changeset.Changes[index])
        {
            case Change.Require c:
                Id(c.Id, changeset, index);
                Optional(c.Attribute, where);
                if (c.Absent && (c.Revision is not null || c.Attribute is not null || c.UnmodifiedSince is not null))
                {
                    throw new ArgumentException($"In {where}, Absent excludes the other conditions of Require.", nameof(changeset));
                }

                break;
            case Change.Create c:
                Stored(c.Id, where);
                Body(c.Body, where);
                Attributes(c.Attributes, where);
                break;
            case Change.CreateNumbered c:
                Name(c.Kind, MaxKindLength, where, "kind");
                Stored(c.Scope, where);
                Name(c.Scope.Key, MaxKeyLength - 20, where, "scope key (which the number is appended to)");
                Body(c.Body, where);
                Attributes(c.Attributes, where);
                break;
            case Change.Put c:
                Id(c.Id, changeset, index);
                Body(c.Body, where);
                Attributes(c.Attributes, where);
                break;
            case Change.Delete c:
                Id(c.Id, changeset, index);
                break;
            case Change.Set c:
                Id(c.Id, changeset, index);
                Attribute(c.Name, c.Value, where);
                break;
            case Change.SetOnce c:
                Id(c.Id, changeset, index);
                Attribute(c.Name, c.Value, where);
                break;
            case Change.Touch c:
                Id(c.Id, changeset, index);
                break;
            case Change.Append c:
                Id(c.Owner, changeset, index);
                foreach (var point in c.Points)
                {
                    AttributeName(point.Key, where);
                }

                break;
            case Change.Connect c:
                Id(c.Link.From, changeset, index);
                Id(c.Link.To, changeset, index);
                Name(c.Link.Relation, MaxNameLength, where, "relation");
                break;
            case Change.Disconnect c:
                Id(c.Link.From, changeset, index);
                Id(c.Link.To, changeset, index);
                Name(c.Link.Relation, MaxNameLength, where, "relation");
                break;
            case Change.Note c:
                Id(c.Subject, changeset, index);
                Name(c.Type, MaxNameLength, where, "event type");
                Text(c.Why, where, "why");
                Body(new(1, c.Body), where);
                break;
            default:
                throw new ArgumentException($"In {where}, null is not a change.", nameof(changeset));
        }
    }

    private static void Id(EntityId id, Changeset changeset, int index)
    {
        if (id.Kind != EntityId.CreatedKind)
        {
            Stored(id, $"change {index}");
            return;
        }

        if (!int.TryParse(id.Key, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var target)
            || target >= index || changeset.Changes[target] is not Change.CreateNumbered)
        {
            throw new ArgumentException($"In change {index}, EntityId.CreatedBy({id.Key}) does not point at an earlier CreateNumbered.", nameof(changeset));
        }
    }

    private static void Stored(EntityId id, string where)
    {
        Name(id.Workspace, MaxKindLength, where, "workspace");
        Name(id.Kind, MaxKindLength, where, "kind");
        Name(id.Key, MaxKeyLength, where, "key");
        if (id.Kind[0] == '@')
        {
            throw new ArgumentException($"In {where}, the kind '{id.Kind}' begins with '@', which is reserved.");
        }
    }

    private static void Body(EntityBody body, string where)
    {
        if (body.Version < 1)
        {
            throw new ArgumentException($"In {where}, the record version is {body.Version}; it starts at 1.");
        }

        if (body.Bytes.Length > InlineBytes)
        {
            throw new ArgumentException($"In {where}, the body has {body.Bytes.Length} bytes; at most {InlineBytes} are kept inline. Put larger content into the artifact store and keep its digest.");
        }
    }

    private static void Attributes(IReadOnlyDictionary<string, AttributeValue> attributes, string where)
    {
        foreach (var (name, value) in attributes)
        {
            Attribute(name, value, where);
        }
    }

    private static void Attribute(string name, AttributeValue? value, string where)
    {
        AttributeName(name, where);
        if (value?.Text is { } text && (text.Length > InlineBytes / 3 && System.Text.Encoding.UTF8.GetByteCount(text) > InlineBytes))
        {
            throw new ArgumentException($"In {where}, the attribute '{name}' is longer than {InlineBytes} bytes. Put the content into the artifact store and keep its digest.");
        }

        Text(value?.Text, where, name);
    }

    private static void Text(string? text, string where, string what)
    {
        for (var i = 0; i < text?.Length; i++)
        {
            var c = text[i];
            if (c == '\0' || (char.IsSurrogate(c) && !(char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[++i]))))
            {
                throw new ArgumentException($"In {where}, the text of '{what}' holds U+0000 or half a surrogate pair at position {i}, which not every store can keep.");
            }
        }
    }

    private static void AttributeName(string name, string where)
    {
        Name(name, MaxNameLength, where, "attribute name");
        if (name[0] == '@')
        {
            throw new ArgumentException($"In {where}, the attribute '{name}' begins with '@', which is reserved for built-in names.");
        }
    }

    private static void Optional(string? name, string where)
    {
        if (name is not null)
        {
            AttributeName(name, where);
        }
    }

    private static void Name(string? name, int max, string where, string what)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new ArgumentException($"In {where}, the {what} is empty.");
        }

        if (name.Length > max)
        {
            throw new ArgumentException($"In {where}, the {what} '{name[..20]}…' has {name.Length} characters; at most {max} are allowed.");
        }

        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsControl(c) || (char.IsSurrogate(c) && !(char.IsHighSurrogate(c) && i + 1 < name.Length && char.IsLowSurrogate(name[++i]))))
            {
                throw new ArgumentException($"In {where}, the {what} holds a control character or half a surrogate pair at position {i}.");
            }
        }
    }
}
