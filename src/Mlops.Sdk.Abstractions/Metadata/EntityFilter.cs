namespace Mlops.Sdk.Metadata;

/// <summary>
/// A condition on an entity. Two-valued: a comparison with an absent attribute, or with one of the other type, is false, and <see cref="Not"/> is the plain complement.
/// Text is compared ordinally (UTF-8 byte order) and to its last character, however long it is; nothing is coerced. NaN equals NaN, is unequal to every number, and is neither less nor greater than any.
/// </summary>
public abstract record EntityFilter
{
    private protected EntityFilter()
    {
    }

    /// <summary>Both hold. Write <c>&amp;</c>, not <c>&amp;&amp;</c>; it binds weaker than comparisons and stronger than <c>|</c>.</summary>
    public static EntityFilter operator &(EntityFilter left, EntityFilter right) => new All([.. left is All l ? l.Of : [left], .. right is All r ? r.Of : [right]]);

    /// <summary>At least one holds.</summary>
    public static EntityFilter operator |(EntityFilter left, EntityFilter right) => new Any([.. left is Any l ? l.Of : [left], .. right is Any r ? r.Of : [right]]);

    /// <summary>It does not hold.</summary>
    public static EntityFilter operator !(EntityFilter filter) => filter is Not not ? not.Of : new Not(filter);

    /// <summary>Every one holds; true when empty.</summary>
    public sealed record All(IReadOnlyList<EntityFilter> Of) : EntityFilter;

    /// <summary>At least one holds; false when empty.</summary>
    public sealed record Any(IReadOnlyList<EntityFilter> Of) : EntityFilter;

    /// <summary>It does not hold.</summary>
    public sealed record Not(EntityFilter Of) : EntityFilter;

    /// <summary>
    /// An attribute compares with a value. The built-in names <c>@key</c> (text), <c>@created</c> and <c>@modified</c> (numbers: milliseconds since the Unix epoch) work too.
    /// <see cref="Comparison.In"/> takes any number of values up to <see cref="MetadataLimits.MaxFilterValues"/> (false when empty), every other operator exactly one.
    /// </summary>
    public sealed record Compare(string Attribute, Comparison Operator, IReadOnlyList<AttributeValue> Values) : EntityFilter
    {
        /// <summary>An attribute compares with one value.</summary>
        public Compare(string attribute, Comparison @operator, AttributeValue value)
            : this(attribute, @operator, [value])
        {
        }
    }

    /// <summary>The entity has the attribute.</summary>
    public sealed record Present(string Attribute) : EntityFilter;

    /// <summary>A link of this relation leads to (<see cref="LinkDirection.Out"/>) or comes from (<see cref="LinkDirection.In"/>) an entity for which <paramref name="Of"/> holds.</summary>
    public sealed record Linked(string Relation, LinkDirection Direction, EntityFilter Of) : EntityFilter;
}

/// <summary>The operators of <see cref="EntityFilter.Compare"/>.</summary>
public enum Comparison
{
    /// <summary>Equal. -0 equals 0.</summary>
    Equal,

    /// <summary>Present, of the same type, and not equal.</summary>
    NotEqual,

    /// <summary>Less.</summary>
    Less,

    /// <summary>Less or equal.</summary>
    LessOrEqual,

    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,

    /// <summary>Equal to one of the values.</summary>
    In,

    /// <summary>Text pattern, whole value: <c>%</c> any characters, <c>_</c> one code point; every other character, a backslash too, is itself. Case-sensitive.</summary>
    Like,

    /// <summary>As <see cref="Like"/>, without regard to the case of ASCII letters.</summary>
    LikeIgnoreCase,
}
