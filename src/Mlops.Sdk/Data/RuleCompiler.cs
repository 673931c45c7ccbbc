using System.Linq.Expressions;

namespace Mlops.Sdk.Data;

/// <summary>Compiles a cross-column condition. The result is <see cref="bool"/>, or <see cref="Nullable{Boolean}"/> where something may be impossible to compute (three-valued logic).</summary>
internal sealed class RuleCompiler(IReadOnlyDictionary<string, ColumnAccess> columns)
{
    private static readonly Dictionary<string, (Func<long?, long?, long?> Whole, Func<double?, double?, double?> Number)> Binary = new(StringComparer.Ordinal)
    {
        ["add"] = (RowFunctions.Add, RowFunctions.Add),
        ["sub"] = (RowFunctions.Subtract, RowFunctions.Subtract),
        ["mul"] = (RowFunctions.Multiply, RowFunctions.Multiply),
        ["div"] = (RowFunctions.Divide, RowFunctions.Divide),
        ["mod"] = (RowFunctions.Modulo, RowFunctions.Modulo),
        ["min"] = (RowFunctions.Min, RowFunctions.Min),
        ["max"] = (RowFunctions.Max, RowFunctions.Max),
    };

    private static readonly Dictionary<string, (Func<long?, long?>? Whole, Func<double?, double?> Number)> Unary = new(StringComparer.Ordinal)
    {
        ["neg"] = (RowFunctions.Negate, RowFunctions.Negate),
        ["abs"] = (RowFunctions.Abs, RowFunctions.Abs),
        ["floor"] = (null, RowFunctions.Floor),
        ["ceiling"] = (null, RowFunctions.Ceiling),
        ["truncate"] = (null, RowFunctions.Truncate),
        ["round"] = (null, RowFunctions.Round),
    };

    public Expression Compile(RuleNode node)
    {
        if (node.Op == "isNull")
        {
            return columns[node.Args![0].Value!].IsNull;
        }

        var args = (node.Args ?? []).Select(Compile).ToArray();
        return node.Op switch
        {
            "column" => columns[node.Value!].Value,
            "literal" => Expression.Constant(ContractLiteral.Parse(node.Type!.Value, node.Value!)),
            "not" => Expression.Not(args[0]),
            "and" when Plain(args) => Expression.AndAlso(args[0], args[1]),
            "or" when Plain(args) => Expression.OrElse(args[0], args[1]),
            "and" => Expression.And(Lift(args[0]), Lift(args[1])),
            "or" => Expression.Or(Lift(args[0]), Lift(args[1])),
            "length" => Expression.Call(((Func<string, long>)RowFunctions.Length).Method, args[0]),
            "toNumber" => args[0].Type == typeof(long) ? Expression.Convert(args[0], typeof(double)) : Expression.Convert(args[0], typeof(double?)),
            "eq" or "ne" or "lt" or "le" or "gt" or "ge" => Compare(node.Op, args[0], args[1]),
            _ => Arithmetic(node.Op, args),
        };
    }

    private static Expression Compare(string op, Expression left, Expression right)
    {
        if (left.Type == typeof(string))
        {
            var equal = Expression.Call(((Func<string, string, bool>)string.Equals).Method, left, right);
            return op == "eq" ? equal : Expression.Not(equal);
        }

        if (!Plain(left, right))
        {
            (left, right) = (Comparable(left), Comparable(right));
        }

        return op switch
        {
            "eq" => Expression.Equal(left, right, true, null),
            "ne" => Expression.NotEqual(left, right, true, null),
            "lt" => Expression.LessThan(left, right, true, null),
            "le" => Expression.LessThanOrEqual(left, right, true, null),
            "gt" => Expression.GreaterThan(left, right, true, null),
            _ => Expression.GreaterThanOrEqual(left, right, true, null),
        };
    }

    private static MethodCallExpression Arithmetic(string op, Expression[] args)
    {
        var whole = (Nullable.GetUnderlyingType(args[0].Type) ?? args[0].Type) == typeof(long);
        var method = args.Length == 2 ? (whole ? Binary[op].Whole.Method : Binary[op].Number.Method) : whole ? Unary[op].Whole!.Method : Unary[op].Number.Method;
        return Expression.Call(method, args.Select(Lift));
    }

    private static bool Plain(params Expression[] args) => args.All(a => Nullable.GetUnderlyingType(a.Type) is null);

    private static Expression Comparable(Expression node) => node.Type == typeof(double?) ? Expression.Call(((Func<double?, double?>)RowFunctions.Finite).Method, node) : Lift(node);

    private static Expression Lift(Expression node) =>
        node.Type == typeof(bool) ? Expression.Convert(node, typeof(bool?))
        : node.Type == typeof(long) ? Expression.Convert(node, typeof(long?))
        : node.Type == typeof(double) ? Expression.Convert(node, typeof(double?))
        : node;
}
