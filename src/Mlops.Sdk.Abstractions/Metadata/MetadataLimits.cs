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

    /// <summary>The most comparisons, presence tests and empty lists in one filter.</summary>
    public const int MaxFilterParts = 1000;

    /// <summary>The most values in all comparisons of one filter together.</summary>
    public const int MaxFilterValues = 10_000;

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

    /// <summary>
    /// Whether an entity can have this id. One that cannot is not stored, so whoever reads finds nothing; a store whose database refuses such a text asks first.
    /// </summary>
    public static bool CanExist(EntityId id) =>
        id.Kind is not ['@', ..] && NameProblem(id.Workspace, MaxKindLength) is null && NameProblem(id.Kind, MaxKindLength) is null && NameProblem(id.Key, MaxKeyLength) is null;

    /// <summary>Whether an attribute, a metric, a relation or an event type can have this name; as <see cref="CanExist(EntityId)"/>.</summary>
    public static bool CanExist(string name) => NameProblem(name, MaxNameLength) is null;

    /// <summary>Checks a filter against <see cref="MaxFilterDepth"/>, <see cref="MaxFilterParts"/>, <see cref="MaxFilterValues"/> and <see cref="InlineBytes"/> for each text; null is fine.</summary>
    /// <exception cref="ArgumentException">What is wrong.</exception>
    public static void Validate(EntityFilter? filter)
    {
        if (filter is not null)
        {
            new FilterLimits().Check(filter, 1);
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
                Kind(c.Kind, where);
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
        Kind(id.Kind, where);
        Name(id.Key, MaxKeyLength, where, "key");
    }

    private static void Kind(string kind, string where)
    {
        Name(kind, MaxKindLength, where, "kind");
        if (kind[0] == '@')
        {
            throw new ArgumentException($"In {where}, the kind '{kind}' begins with '@', which is reserved.");
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
        Inline(value?.Text, where, name);
    }

    /// <summary>A text that every store can keep and compare.</summary>
    internal static void Inline(string? text, string where, string what)
    {
        if (text?.Length > InlineBytes / 3 && System.Text.Encoding.UTF8.GetByteCount(text) > InlineBytes)
        {
            throw new ArgumentException($"In {where}, the text of '{what}' is longer than {InlineBytes} bytes. Put the content into the artifact store and keep its digest.");
        }

        Text(text, where, what);
    }

    private static void Text(string? text, string where, string what)
    {
        if (text is not null && Broken(text, controls: false) is >= 0 and var i)
        {
            throw new ArgumentException($"In {where}, the text of '{what}' holds U+0000 or half a surrogate pair at position {i}, which not every store can keep.");
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
        if (NameProblem(name, max) is { } problem)
        {
            throw new ArgumentException($"In {where}, the {what} {problem}.");
        }
    }

    private static string? NameProblem(string? name, int max) =>
        string.IsNullOrEmpty(name) ? "is empty"
        : name.Length > max ? $"'{name[..20].Replace('\0', ' ')}…' has {name.Length} characters; at most {max} are allowed"
        : Broken(name, controls: true) is >= 0 and var i ? $"holds a control character or half a surrogate pair at position {i}"
        : null;

    /// <summary>Where the first U+0000 (or any control character) or half a surrogate pair is, or -1.</summary>
    private static int Broken(string text, bool controls)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if ((controls ? char.IsControl(c) : c == '\0') || (char.IsSurrogate(c) && !(char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[++i]))))
            {
                return i;
            }
        }

        return -1;
    }
}
