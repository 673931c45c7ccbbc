namespace Mlops.Sdk.Data;

/// <summary>Names the contract that a record describes. Without it the contract has the name of the type.</summary>
/// <param name="name">The name, for example <c>flights</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class ContractAttribute(string name) : Attribute
{
    /// <summary>The name of the contract.</summary>
    public string Name { get; } = name;
}

/// <summary>Names the column that a property holds. Without it the column has the name of the property.</summary>
/// <param name="name">The column, exactly as the file spells it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ColumnAttribute(string name) : Attribute
{
    /// <summary>The column.</summary>
    public string Name { get; } = name;
}

/// <summary>Leaves a property out of the contract.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInContractAttribute : Attribute;

/// <summary>Asks for a value: null breaks <c>column.presence</c>. Implied by a type that cannot be null.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;

/// <summary>Bounds an integer, a number, a date or a time, both ends included: <c>column.range</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeAttribute : Attribute
{
    /// <summary>Bounds an integer or a number.</summary>
    public RangeAttribute(long minimum, long maximum) => (Minimum, Maximum) = (minimum, maximum);

    /// <summary>Bounds a number.</summary>
    public RangeAttribute(double minimum, double maximum) => (Minimum, Maximum) = (minimum, maximum);

    /// <summary>Bounds a column of any ordered type; dates and times as ISO 8601 (<c>2001-01-31</c>, <c>2001-01-31T23:59:59.000001</c>). Null leaves that end open.</summary>
    public RangeAttribute(string? minimum, string? maximum) => (Minimum, Maximum) = (minimum, maximum);

    /// <summary>The least value that is allowed, or null.</summary>
    public object? Minimum { get; }

    /// <summary>The greatest value that is allowed, or null.</summary>
    public object? Maximum { get; }
}

/// <summary>Allows only the listed values: <c>column.domain</c>.</summary>
/// <param name="values">Values of the column's type; dates and times as ISO 8601 text.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params object[] values) : Attribute
{
    /// <summary>The values that are allowed.</summary>
    public IReadOnlyList<object> Values { get; } = values;
}

/// <summary>Bounds the length of a text in Unicode code points, both ends included: <c>column.length</c>.</summary>
/// <param name="minimum">The least number of code points.</param>
/// <param name="maximum">The greatest number of code points.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LengthAttribute(int minimum, int maximum) : Attribute
{
    /// <summary>The least number of code points.</summary>
    public int Minimum { get; } = minimum;

    /// <summary>The greatest number of code points.</summary>
    public int Maximum { get; } = maximum;
}

/// <summary>Asks that the whole text matches a pattern: <c>column.pattern</c>. See <see cref="ContractPattern"/> for the syntax.</summary>
/// <param name="pattern">The pattern; it needs no anchors.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string pattern) : Attribute
{
    /// <summary>The pattern.</summary>
    public string Pattern { get; } = pattern;
}

/// <summary>Says what NaN and the infinities mean in a column of floating-point numbers. Without it they break <c>column.finite</c>.</summary>
/// <param name="policy">The policy.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NonFiniteAttribute(NonFinitePolicy policy) : Attribute
{
    /// <summary>The policy.</summary>
    public NonFinitePolicy Policy { get; } = policy;
}
