using System.Globalization;
using System.Linq.Expressions;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

/// <summary>Draws contracts that use every rule of the language.</summary>
internal sealed class RandomContract(Random random)
{
    public static readonly string[] Patterns = ["[A-Z]{3}", "\\d+", "\\w*", ".*", ".", "..", "[^a-z]+", "a|b|abc", "(?:[a-z]+\\s?)*", "\\S+", "[\\d\\-]+", "(a|ab)(c|bcd)?", "[👍-👏]?.*", "\\D{1,3}", "[^\\n]{2,}", "é|e\u0301", "\\s*x.*", ".{0,4}\\n?", "'.*", "[A-Z0-9_]+", "\\W.?"];
    private static readonly string[] Names = ["flag", "small", "whole", "big \"' --", "number", "other", "text", "code", "time", "day"];
    private static readonly string[] Roundings = ["Floor", "Ceiling", "Truncate", "Round", "Abs"];
    private readonly ParameterExpression row = Expression.Parameter(typeof(Wild), "w");

    public DataContract<Wild> Draw()
    {
        while (true)
        {
            try
            {
                return DrawOnce();
            }
            catch (ArgumentException e) when (e.Message.StartsWith("The rule", StringComparison.Ordinal))
            {
                // A part without a column that C# itself cannot compute (1 / 0), or NaN as a constant: refused, so draw again.
            }
        }
    }

    private DataContract<Wild> DrawOnce() => DataContract.For<Wild>(c =>
    {
        // Rules on a third of the columns: with rules on all of them no row would be valid.
        foreach (var name in Names.Where(_ => random.Next(3) == 0))
        {
            c.Column(name, Rules);
        }

        for (var i = random.Next(3); i > 0; i--)
        {
            c.Require($"rule {i} of it's \"own\"", Expression.Lambda<Func<Wild, bool>>(Condition(3), row));
        }
    });

    private ContractColumn Rules(ContractColumn column)
    {
        var (low, high) = Two(column.Type);
        var text = column.Type == ColumnType.Text;
        return column with
        {
            Required = random.Next(2) == 0,
            NonFinite = column.Type == ColumnType.Number && random.Next(2) == 0 ? NonFinitePolicy.Allow : NonFinitePolicy.Reject,
            Minimum = !text && low is not (null or "true" or "false") && random.Next(2) == 0 ? low : null,
            Maximum = !text && low is not (null or "true" or "false") && random.Next(2) == 0 ? high : null,
            OneOf = random.Next(3) == 0 ? [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Value(column.Type))] : null,
            MinLength = text && random.Next(3) == 0 ? random.Next(4) : null,
            MaxLength = text && random.Next(3) == 0 ? random.Next(4, 8) : null,
            Pattern = text && random.Next(2) == 0 ? Patterns[random.Next(Patterns.Length)] : null,
        };
    }

    private (string? Low, string? High) Two(ColumnType type)
    {
        var (a, b) = (Value(type), Value(type));
        return ((IComparable)ContractLiteral.Parse(type, a)).CompareTo(ContractLiteral.Parse(type, b)) <= 0 ? (a, b) : (b, a);
    }

    private string Value(ColumnType type) => type switch
    {
        ColumnType.Boolean => random.Next(2) == 0 ? "true" : "false",
        ColumnType.Whole16 => Whole(short.MinValue, short.MaxValue),
        ColumnType.Whole32 => Whole(int.MinValue, int.MaxValue),
        ColumnType.Whole64 => Whole(long.MinValue, long.MaxValue),
        ColumnType.Number => WildRows.Numbers.Where(double.IsFinite).OrderBy(_ => random.Next()).First().ToString("R", CultureInfo.InvariantCulture),
        ColumnType.Timestamp => ContractLiteral.Format(type, WildRows.Times[random.Next(WildRows.Times.Length)]),
        ColumnType.Date => ContractLiteral.Format(type, DateOnly.FromDateTime(WildRows.Times[random.Next(WildRows.Times.Length)])),
        _ => WildRows.Texts[random.Next(WildRows.Texts.Length)],
    };

    private string Whole(long low, long high) => Math.Clamp(WildRows.Wholes[random.Next(WildRows.Wholes.Length)], low, high).ToString(CultureInfo.InvariantCulture);

    private Expression Condition(int depth) => random.Next(depth > 0 ? 9 : 5) switch
    {
        0 => Compare(WholeNode(2), WholeNode(2)),
        1 => Compare(NumberNode(2), NumberNode(2)),
        2 => random.Next(2) == 0 ? Expression.Equal(Column("Text"), Column("Code")) : Expression.NotEqual(Column("Text"), Expression.Constant(Value(ColumnType.Text))),
        3 => Compare(Value("Time"), Expression.Constant(WildRows.Times[random.Next(WildRows.Times.Length)])),
        4 => random.Next(2) == 0 ? Expression.Equal(Column("Whole"), Expression.Constant(null, typeof(int?))) : Expression.NotEqual(Column("Day"), Expression.Constant(null, typeof(DateOnly?))),
        5 => Expression.Not(Condition(depth - 1)),
        6 => Expression.OrElse(Condition(depth - 1), Condition(depth - 1)),
        7 => Expression.AndAlso(Condition(depth - 1), Condition(depth - 1)),
        _ => Expression.OrElse(Value("Flag"), Condition(depth - 1)),
    };

    private Expression WholeNode(int depth) => random.Next(depth > 0 ? 11 : 4) switch
    {
        0 => Expression.Convert(Value("Small"), typeof(long)),
        1 => Expression.Convert(Value("Whole"), typeof(long)),
        2 => Value("Big"),
        3 => Expression.Constant(WildRows.Wholes[random.Next(WildRows.Wholes.Length)]),
        4 => Expression.Convert(Expression.Property(Column("Code"), "Length"), typeof(long)),
        5 => Expression.Negate(WholeNode(depth - 1)),
        6 => Expression.Call(((Func<long, long>)Math.Abs).Method, WholeNode(depth - 1)),
        7 => Expression.Call(((Func<long, long, long>)Math.Min).Method, WholeNode(depth - 1), WholeNode(depth - 1)),
        8 => Expression.Divide(WholeNode(depth - 1), WholeNode(depth - 1)),
        9 => Expression.Modulo(WholeNode(depth - 1), WholeNode(depth - 1)),
        _ => Expression.MakeBinary(random.Next(3) switch { 0 => ExpressionType.Add, 1 => ExpressionType.Subtract, _ => ExpressionType.Multiply }, WholeNode(depth - 1), WholeNode(depth - 1)),
    };

    private Expression NumberNode(int depth) => random.Next(depth > 0 ? 9 : 3) switch
    {
        0 => Value("Number"),
        1 => Value("Other"),
        2 => Expression.Constant(WildRows.Numbers.Where(double.IsFinite).OrderBy(_ => random.Next()).First()),
        3 => Expression.Convert(WholeNode(depth - 1), typeof(double)),
        4 => Expression.Call(typeof(Math).GetMethod(Roundings[random.Next(5)], [typeof(double)])!, NumberNode(depth - 1)),
        5 => Expression.Call(((Func<double, double, double>)(random.Next(2) == 0 ? Math.Min : Math.Max)).Method, NumberNode(depth - 1), NumberNode(depth - 1)),
        6 => Expression.Negate(NumberNode(depth - 1)),
        _ => Expression.MakeBinary(random.Next(5) switch { 0 => ExpressionType.Add, 1 => ExpressionType.Subtract, 2 => ExpressionType.Multiply, 3 => ExpressionType.Divide, _ => ExpressionType.Modulo }, NumberNode(depth - 1), NumberNode(depth - 1)),
    };

    private BinaryExpression Compare(Expression a, Expression b) =>
        Expression.MakeBinary(random.Next(6) switch { 0 => ExpressionType.Equal, 1 => ExpressionType.NotEqual, 2 => ExpressionType.LessThan, 3 => ExpressionType.LessThanOrEqual, 4 => ExpressionType.GreaterThan, _ => ExpressionType.GreaterThanOrEqual }, a, b);

    private MemberExpression Column(string property) => Expression.Property(row, property);

    private MemberExpression Value(string property) => Expression.Property(Column(property), "Value");
}
