namespace Mlops.Sdk.Data;

/// <summary>Compiles a cross-column condition to SQL whose NULL means "cannot be computed". Nothing in it can raise an error.</summary>
internal sealed class RuleSql(IReadOnlyDictionary<string, ContractColumn> contract, IReadOnlyDictionary<string, SourceColumn> columns)
{
    public bool IsNumber(string column) => contract[column].Type == ColumnType.Number;

    /// <summary>Whether the condition compares columns and constants, and nothing that must be computed.</summary>
    public static bool IsPlainComparison(RuleNode node) => node.Op is "eq" or "ne" or "lt" or "le" or "gt" or "ge" && node.Args!.All(a => a.Op is "column" or "literal");

    public string Compile(RuleNode node)
    {
        if (node.Op is "column" or "literal")
        {
            return node.Op == "column" ? columns[node.Value!].Value : Sql.Literal(node.Type!.Value, node.Value!);
        }

        if (node.Op == "isNull")
        {
            return $"({columns[node.Args![0].Value!].Raw} IS NULL)";
        }

        var args = node.Args!.Select(Compile).ToArray();
        return (node.Op, args) switch
        {
            ("and", [var a, var b]) => $"({a} AND {b})",
            ("or", [var a, var b]) => $"({a} OR {b})",
            ("not", [var a]) => $"(NOT {a})",
            ("length", [var a]) => $"length({a})",
            ("toNumber", [var a]) => $"CAST({a} AS DOUBLE)",
            ("eq" or "ne" or "lt" or "le" or "gt" or "ge", [var a, var b]) => Compare(node, a, b),
            _ => RuleLanguage.KindOf(node, contract) == RuleKind.Whole ? OfWhole(node.Op, args) : OfNumber(node.Op, args),
        };
    }

    private string Compare(RuleNode node, string a, string b)
    {
        var op = node.Op switch { "eq" => "=", "ne" => "<>", "lt" => "<", "le" => "<=", "gt" => ">", _ => ">=" };
        var computed = node.Args!.Zip([a, b]).Where(p => IsComputedNumber(p.First)).Select(p => $"isfinite({p.Second})").ToArray();
        return computed.Length == 0 ? $"({a} {op} {b})" : $"CASE WHEN {string.Join(" AND ", computed)} THEN {a} {op} {b} END";
    }

    // Columns, constants and converted integers are finite already.
    private bool IsComputedNumber(RuleNode node) => node.Op is not ("column" or "literal" or "toNumber") && RuleLanguage.KindOf(node, contract) == RuleKind.Number;

    // TRY makes NULL of an overflow at the price of plain arithmetic; in 128 bits the same costs three times as much. Quotients stay there: the least integer by -1 is not an error that TRY is sure to see.
    private static string OfWhole(string op, string[] args) => (op, args) switch
    {
        ("add", [var a, var b]) => $"TRY({Whole(a)} + {Whole(b)})",
        ("sub", [var a, var b]) => $"TRY({Whole(a)} - {Whole(b)})",
        ("mul", [var a, var b]) => $"TRY({Whole(a)} * {Whole(b)})",
        ("div", [var a, var b]) => Fit($"{Wide(a)} // {Wide(b)}"),
        ("mod", [var a, var b]) => Fit($"{Wide(a)} % {Wide(b)}"),
        ("neg", [var a]) => Fit($"-{Wide(a)}"),
        ("abs", [var a]) => Fit($"abs({Wide(a)})"),
        ("min", [var a, var b]) => $"CASE WHEN {a} <= {b} THEN {a} WHEN {a} > {b} THEN {b} END",
        (_, [var a, var b]) => $"CASE WHEN {a} >= {b} THEN {a} WHEN {a} < {b} THEN {b} END",
        _ => throw new ArgumentException($"'{op}' is not an operator over integers."),
    };

    // Not least and greatest: they skip NULL, and of 0 and -0 they may take either.
    private static string OfNumber(string op, string[] args) => (op, args) switch
    {
        ("add", [var a, var b]) => $"({a} + {b})",
        ("sub", [var a, var b]) => $"({a} - {b})",
        ("mul", [var a, var b]) => $"({a} * {b})",
        ("div", [var a, var b]) => $"CASE WHEN {b} <> 0 THEN {a} / {b} END",
        ("mod", [var a, var b]) => $"({a} % {b})",
        ("neg", [var a]) => $"(-{a})",
        ("abs", [var a]) => $"abs({a})",
        ("min", [var a, var b]) => $"CASE WHEN {a} IS NOT NULL AND {b} IS NOT NULL THEN CASE WHEN {b} < {a} THEN {b} ELSE {a} END END",
        ("max", [var a, var b]) => $"CASE WHEN {a} IS NOT NULL AND {b} IS NOT NULL THEN CASE WHEN {b} > {a} THEN {b} ELSE {a} END END",
        ("floor", [var a]) => $"floor({a})",
        ("ceiling", [var a]) => $"ceil({a})",
        ("truncate", [var a]) => $"trunc({a})",
        ("round", [var a]) => $"round_even({a}, 0)",
        _ => throw new ArgumentException($"'{op}' is not an operator over numbers."),
    };

    private static string Whole(string value) => $"CAST({value} AS BIGINT)";

    private static string Wide(string value) => $"CAST({value} AS HUGEINT)";

    private static string Fit(string value) => $"TRY_CAST({value} AS BIGINT)";
}
