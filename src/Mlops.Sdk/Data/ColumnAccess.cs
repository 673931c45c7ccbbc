using System.Linq.Expressions;

namespace Mlops.Sdk.Data;

/// <summary>How compiled rules read one column.</summary>
internal sealed class ColumnAccess
{
    private static readonly Expression True = Expression.Constant(true);

    public ColumnAccess(ContractColumn column, Expression raw)
    {
        var underlying = Nullable.GetUnderlyingType(raw.Type);
        var plain = underlying is null ? raw : Expression.Convert(raw, underlying);
        IsNull = underlying is null && raw.Type.IsValueType ? Expression.Constant(false) : Expression.Equal(raw, Expression.Constant(null, raw.Type));
        Value = RuleLanguage.KindOf(column.Type) switch
        {
            RuleKind.Whole => Expression.Convert(plain, typeof(long)),
            RuleKind.Number => Expression.Convert(plain, typeof(double)),
            RuleKind.Timestamp when plain.Type == typeof(DateTimeOffset) => Expression.Call(((Func<DateTimeOffset, long>)RowFunctions.Microseconds).Method, plain),
            RuleKind.Timestamp => Expression.Call(((Func<DateTime, long>)ContractLiteral.Microseconds).Method, plain),
            RuleKind.Date => Expression.Call(((Func<DateOnly, long>)ContractLiteral.Days).Method, plain),
            _ => plain,
        };
        IsFinite = column.Type == ColumnType.Number ? Expression.Call(((Func<double, bool>)double.IsFinite).Method, Value) : True;
        IsUsable = Expression.AndAlso(Expression.Not(IsNull), IsFinite);
    }

    public Expression IsNull { get; }

    /// <summary>The value as <see cref="bool"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>; only where it is not null.</summary>
    public Expression Value { get; }

    public Expression IsFinite { get; }

    /// <summary>Neither null nor NaN nor infinite: there is something to compare.</summary>
    public Expression IsUsable { get; }
}
