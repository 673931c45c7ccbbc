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

    /// <summary>Checks a changeset against the limits and for being well-formed. Engines call it before any store does.</summary>
    /// <exception cref="ArgumentException">What is wrong, naming the change.</exception>
    public static void Validate(Changeset changeset)
    {
        ArgumentNullException.ThrowIfNull(changeset);
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
            Validate(changeset, i);
        }
    }

    private static void Validate(Changeset changeset, int index)
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
            throw new ArgumentException($"In {where}, the {what} '{name[..32]}…' has {name.Length} characters; at most {max} are allowed.");
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
