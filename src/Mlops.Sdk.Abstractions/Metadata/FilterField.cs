namespace Mlops.Sdk.Metadata;

/// <summary>
/// Something that filters compare, such as a metric. Every comparison gives an <see cref="EntityFilter"/>, to be combined by <c>&amp;</c>, <c>|</c> and <c>!</c>, and is false where there is no value: also
/// <c>!=</c>, <see cref="NotIn"/> and <see cref="NotLike"/>. To include entities without a value, negate the whole: <c>!(field == value)</c>.
/// </summary>
/// <typeparam name="T">What it is compared with.</typeparam>
public sealed class FilterField<T>
{
    private readonly SearchField searched;
    private readonly Func<T, AttributeValue> convert;

    internal FilterField(SearchField field, Func<T, AttributeValue> convert) => (searched, this.convert) = (field, convert);

    /// <summary>There is a value.</summary>
    public EntityFilter Exists => FilterTerm.Is(searched, FilterOperator.Exists);

    /// <summary>Least first; entities without a value last.</summary>
    public Order Ascending => Order(false);

    /// <summary>Greatest first; entities without a value last.</summary>
    public Order Descending => Order(true);

    /// <summary>Equal.</summary>
    public static EntityFilter operator ==(FilterField<T> field, T value) => FilterTerm.Is(field.searched, FilterOperator.Equal, field.convert(value));

    /// <summary>There is a value, and it is another one.</summary>
    public static EntityFilter operator !=(FilterField<T> field, T value) => FilterTerm.IsNot(field.searched, FilterOperator.Equal, field.convert(value));

    /// <summary>Less.</summary>
    public static EntityFilter operator <(FilterField<T> field, T value) => FilterTerm.Is(field.searched, FilterOperator.Less, field.convert(value));

    /// <summary>Greater.</summary>
    public static EntityFilter operator >(FilterField<T> field, T value) => FilterTerm.Is(field.searched, FilterOperator.Greater, field.convert(value));

    /// <summary>Less or equal.</summary>
    public static EntityFilter operator <=(FilterField<T> field, T value) => FilterTerm.Is(field.searched, FilterOperator.LessOrEqual, field.convert(value));

    /// <summary>Greater or equal.</summary>
    public static EntityFilter operator >=(FilterField<T> field, T value) => FilterTerm.Is(field.searched, FilterOperator.GreaterOrEqual, field.convert(value));

    /// <summary>Equal to one of the values; never when there are none.</summary>
    public EntityFilter In(params IReadOnlyList<T> values) => FilterTerm.Is(searched, FilterOperator.In, Convert(values));

    /// <summary>There is a value, and it is none of these.</summary>
    public EntityFilter NotIn(params IReadOnlyList<T> values) => FilterTerm.IsNot(searched, FilterOperator.In, Convert(values));

    /// <summary>Text pattern on the whole value: <c>%</c> any characters, <c>_</c> one. A number is like no pattern.</summary>
    public EntityFilter Like(string pattern) => FilterTerm.Is(searched, FilterOperator.Like, pattern);

    /// <summary>There is a value, and it is not like the pattern.</summary>
    public EntityFilter NotLike(string pattern) => FilterTerm.IsNot(searched, FilterOperator.Like, pattern);

    /// <summary>As <see cref="Like"/>, without regard to the case of ASCII letters.</summary>
    public EntityFilter LikeIgnoreCase(string pattern) => FilterTerm.Is(searched, FilterOperator.LikeIgnoreCase, pattern);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <inheritdoc/>
    public override string ToString() => searched.Name;

    private Order Order(bool descending) => searched.CanOrder
        ? new(searched.Attribute, descending)
        : throw new InvalidOperationException($"{searched.Name} belongs to what a run is linked to, and there may be several: runs cannot be ordered by it.");

    private AttributeValue[] Convert(IReadOnlyList<T> values) => [.. values.Select(convert)];
}
