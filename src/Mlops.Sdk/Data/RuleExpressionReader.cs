using System.Linq.Expressions;
using System.Reflection;

namespace Mlops.Sdk.Data;

/// <summary>Turns a C# condition into data, or says which node is outside the language.</summary>
/// <param name="columns">The column of each property.</param>
internal sealed class RuleExpressionReader(IReadOnlyDictionary<string, string> columns)
{
    private const string Known = "Known are columns, constants, ! && ||, comparisons, tests for null, + - * / %, Math.Abs/Min/Max/Floor/Ceiling/Truncate/Round and string.Length.";

    public RuleNode Read(string rule, LambdaExpression condition)
    {
        try
        {
            return Visit(condition.Body);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The rule '{rule}': {e.Message}", e);
        }
    }

    private RuleNode Visit(Expression node)
    {
        if (!ParameterFinder.IsIn(node))
        {
            return Constant(node);
        }

        return node switch
        {
            UnaryExpression { NodeType: ExpressionType.Not } not when not.Type == typeof(bool) || not.Type == typeof(bool?) => RuleNode.Of("not", Visit(not.Operand)),
            UnaryExpression { NodeType: ExpressionType.Negate or ExpressionType.NegateChecked, Method: null } negate => RuleNode.Of("neg", Visit(negate.Operand)),
            UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked, Method: null } convert => Convert(convert),
            BinaryExpression binary => Binary(binary),
            MemberExpression member => Member(member),
            MethodCallExpression call => Call(call),
            _ => throw Refuse(node),
        };
    }

    private RuleNode Binary(BinaryExpression node)
    {
        var op = node.NodeType switch
        {
            ExpressionType.AndAlso => "and",
            ExpressionType.OrElse => "or",
            ExpressionType.And when IsBoolean(node.Type) => "and",
            ExpressionType.Or when IsBoolean(node.Type) => "or",
            ExpressionType.Equal => "eq",
            ExpressionType.NotEqual => "ne",
            ExpressionType.LessThan => "lt",
            ExpressionType.LessThanOrEqual => "le",
            ExpressionType.GreaterThan => "gt",
            ExpressionType.GreaterThanOrEqual => "ge",
            ExpressionType.Add or ExpressionType.AddChecked when IsNumeric(node.Type) => "add",
            ExpressionType.Subtract or ExpressionType.SubtractChecked when IsNumeric(node.Type) => "sub",
            ExpressionType.Multiply or ExpressionType.MultiplyChecked when IsNumeric(node.Type) => "mul",
            ExpressionType.Divide when IsNumeric(node.Type) => "div",
            ExpressionType.Modulo when IsNumeric(node.Type) => "mod",
            _ => throw Refuse(node),
        };
        if (op is "eq" or "ne")
        {
            var tested = IsNull(node.Right) ? node.Left : IsNull(node.Left) ? node.Right : null;
            if (tested is not null)
            {
                var test = NullTest(tested, node);
                return op == "eq" ? test : RuleNode.Of("not", test);
            }
        }

        return RuleNode.Of(op, Visit(node.Left), Visit(node.Right));
    }

    private RuleNode NullTest(Expression tested, Expression node) => Visit(tested) is { Op: "column" } column ? RuleNode.Of("isNull", column) : throw Refuse(node);

    private RuleNode Member(MemberExpression node)
    {
        if (node.Expression is ParameterExpression && node.Member is PropertyInfo property)
        {
            return columns.TryGetValue(property.Name, out var column) ? RuleNode.Column(column) : throw new ArgumentException($"it reads {property.Name}, which is not in the contract.");
        }

        var owner = node.Expression ?? throw Refuse(node);
        return (Nullable.GetUnderlyingType(owner.Type) is not null, owner.Type == typeof(string), node.Member.Name) switch
        {
            (true, _, "Value") => Visit(owner),
            (true, _, "HasValue") => RuleNode.Of("not", NullTest(owner, node)),
            (_, true, "Length") => RuleNode.Of("length", Visit(owner)),
            _ => throw Refuse(node),
        };
    }

    private RuleNode Call(MethodCallExpression node)
    {
        if (node.Method.DeclaringType != typeof(Math) || !node.Arguments.All(a => IsNumeric(a.Type)))
        {
            throw Refuse(node);
        }

        var op = (node.Method.Name, node.Arguments.Count) switch
        {
            ("Abs", 1) => "abs",
            ("Min", 2) => "min",
            ("Max", 2) => "max",
            ("Floor", 1) => "floor",
            ("Ceiling", 1) => "ceiling",
            ("Truncate", 1) => "truncate",
            ("Round", 1) => "round",
            _ => throw Refuse(node),
        };
        return RuleNode.Of(op, [.. node.Arguments.Select(Visit)]);
    }

    private RuleNode Convert(UnaryExpression node)
    {
        var from = Nullable.GetUnderlyingType(node.Operand.Type) ?? node.Operand.Type;
        var to = Nullable.GetUnderlyingType(node.Type) ?? node.Type;
        return from == to || (WholeBits(from) is > 0 and var bits && bits <= WholeBits(to)) || (from == typeof(float) && to == typeof(double)) ? Visit(node.Operand)
            : WholeBits(from) > 0 && IsFloating(to) ? RuleNode.Of("toNumber", Visit(node.Operand))
            : throw Refuse(node);
    }

    private static RuleNode Constant(Expression node)
    {
        var value = Evaluate(node);
        ColumnType type = value switch
        {
            bool => ColumnType.Boolean,
            sbyte or byte or short or ushort or int or uint or long => ColumnType.Whole64,
            float or double => ColumnType.Number,
            string => ColumnType.Text,
            DateTime or DateTimeOffset => ColumnType.Timestamp,
            DateOnly => ColumnType.Date,
            _ => throw Refuse(node),
        };
        return RuleNode.Literal(type, value);
    }

    private static object? Evaluate(Expression node)
    {
        try
        {
            return node is ConstantExpression constant ? constant.Value : Expression.Lambda<Func<object?>>(Expression.Convert(node, typeof(object))).Compile(preferInterpretation: true)();
        }
        catch (Exception e) when (e is not ArgumentException)
        {
            throw new ArgumentException($"the value of '{node}' could not be read: {e.Message}", e);
        }
    }

    private static bool IsNull(Expression node) => !node.Type.IsValueType || Nullable.GetUnderlyingType(node.Type) is not null ? !ParameterFinder.IsIn(node) && Evaluate(node) is null : false;

    private static bool IsBoolean(Type type) => type == typeof(bool) || type == typeof(bool?);

    private static bool IsNumeric(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return WholeBits(type) > 0 || IsFloating(type);
    }

    private static bool IsFloating(Type type) => type == typeof(float) || type == typeof(double);

    private static int WholeBits(Type type) => type == typeof(short) ? 16 : type == typeof(int) ? 32 : type == typeof(long) ? 64 : 0;

    private static ArgumentException Refuse(Expression node) => new($"'{node}' ({node.NodeType}) is outside the rule language. {Known}");

    private sealed class ParameterFinder : ExpressionVisitor
    {
        private bool found;

        public static bool IsIn(Expression node)
        {
            var finder = new ParameterFinder();
            finder.Visit(node);
            return finder.found;
        }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            found = true;
            return node;
        }
    }
}
