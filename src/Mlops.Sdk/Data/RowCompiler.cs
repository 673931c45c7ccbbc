using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;

namespace Mlops.Sdk.Data;

/// <summary>Compiles the checks of a contract to delegates over a record.</summary>
internal static class RowCompiler
{
    public static RowValidator<T> Compile<T>(DataContract contract, IReadOnlyDictionary<string, PropertyInfo> properties)
    {
        var row = Expression.Parameter(typeof(T), "row");

        // Reading each property once into a local is what makes the fast path fast.
        var locals = contract.Columns.ToDictionary(c => c.Name, c => Expression.Variable(properties[c.Name].PropertyType, c.Name), StringComparer.Ordinal);
        var read = contract.Columns.Select(c => (Expression)Expression.Assign(locals[c.Name], Expression.Property(row, properties[c.Name])));
        var hoisted = contract.Columns.ToDictionary(c => c.Name, c => new ColumnAccess(c, locals[c.Name]), StringComparer.Ordinal);
        var valid = contract.Checks.Where(c => c.Kind != CheckKind.Type).Select(c => (Expression)Expression.Not(Broken(c, hoisted))).Aggregate((Expression)Expression.Constant(true), Expression.AndAlso);
        var isValid = Expression.Lambda<Func<T, bool>>(Expression.Block(locals.Values, read.Append(valid)), row).Compile();

        var direct = contract.Columns.ToDictionary(c => c.Name, c => new ColumnAccess(c, Expression.Property(row, properties[c.Name])), StringComparer.Ordinal);
        var checks = contract.Checks.Where(c => c.Kind != CheckKind.Type)
            .Select(c => (Expression.Lambda<Func<T, bool>>(Broken(c, direct), row).Compile(), new Violation(c.Rule, c.Column?.Name, c.Message))).ToArray();
        return new(contract, isValid, checks);
    }

    private static Expression Broken(ContractCheck check, Dictionary<string, ColumnAccess> columns)
    {
        if (check.Row is { } rule)
        {
            var usable = RuleLanguage.ValueColumns(rule.Condition).Select(c => columns[c].IsUsable).Aggregate((Expression)Expression.Constant(true), Expression.AndAlso);
            var condition = new RuleCompiler(columns).Compile(rule.Condition);
            return Expression.AndAlso(usable, condition.Type == typeof(bool) ? Expression.Not(condition) : Expression.NotEqual(condition, Expression.Constant(true, typeof(bool?)), false, null));
        }

        var column = check.Column!;
        var access = columns[column.Name];
        return check.Kind switch
        {
            CheckKind.Presence => access.IsNull,
            CheckKind.Finite => Expression.AndAlso(Expression.Not(access.IsNull), Expression.Not(access.IsFinite)),
            CheckKind.Range => Expression.AndAlso(access.IsUsable, Expression.Not(InRange(column, access.Value))),
            CheckKind.Domain => Expression.AndAlso(access.IsUsable, Expression.Not(InDomain(column, access.Value))),
            CheckKind.Length => Expression.AndAlso(access.IsUsable, Expression.Not(Call<string, int, int>(RowFunctions.HasLength, access.Value, column.MinLength ?? 0, column.MaxLength ?? int.MaxValue))),
            _ => Expression.AndAlso(access.IsUsable, Expression.Not(Call<string, ContractPattern>(RowFunctions.Matches, access.Value, ContractPattern.Parse(column.Pattern!)))),
        };
    }

    private static Expression InRange(ContractColumn column, Expression value)
    {
        Expression result = Expression.Constant(true);
        if (column.Minimum is { } minimum)
        {
            result = Expression.GreaterThanOrEqual(value, Expression.Constant(ContractLiteral.Parse(column.Type, minimum)));
        }

        return column.Maximum is { } maximum ? Expression.AndAlso(result, Expression.LessThanOrEqual(value, Expression.Constant(ContractLiteral.Parse(column.Type, maximum)))) : result;
    }

    private static Expression InDomain(ContractColumn column, Expression value)
    {
        var values = column.OneOf!.Select(v => ContractLiteral.Parse(column.Type, v));
        return values.First() switch
        {
            string => Call<string, FrozenSet<string>>(RowFunctions.IsIn, value, values.Cast<string>().ToFrozenSet(StringComparer.Ordinal)),
            long => Call<long, FrozenSet<long>>(RowFunctions.IsIn, value, values.Cast<long>().ToFrozenSet()),
            double => Call<double, FrozenSet<double>>(RowFunctions.IsIn, value, values.Cast<double>().ToFrozenSet()),
            _ => values.Select(v => (Expression)Expression.Equal(value, Expression.Constant(v))).Aggregate(Expression.OrElse),
        };
    }

    private static MethodCallExpression Call<T1, T2>(Func<T1, T2, bool> function, Expression first, T2 second) => Expression.Call(function.Method, first, Expression.Constant(second, typeof(T2)));

    private static MethodCallExpression Call<T1, T2, T3>(Func<T1, T2, T3, bool> function, Expression first, T2 second, T3 third) =>
        Expression.Call(function.Method, first, Expression.Constant(second, typeof(T2)), Expression.Constant(third, typeof(T3)));
}
