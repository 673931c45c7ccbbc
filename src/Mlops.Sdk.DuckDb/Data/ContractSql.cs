using System.Globalization;

namespace Mlops.Sdk.Data;

/// <summary>The checks of a contract as SQL over one relation, <c>s</c>. Each is TRUE where the rule is broken, else FALSE or NULL.</summary>
internal sealed class ContractSql
{
    private readonly IReadOnlyDictionary<string, SourceColumn> columns;
    private readonly RuleSql rules;

    public ContractSql(DataContract contract, IReadOnlyDictionary<string, SourceColumn> columns)
    {
        this.columns = columns;
        rules = new(contract.Columns.ToDictionary(c => c.Name, StringComparer.Ordinal), columns);
        Checks = [.. contract.Checks.Select(c => (c.Rule, Broken: Broken(c))).Where(c => c.Broken is not null).Select(c => (c.Rule, c.Broken!))];
    }

    public IReadOnlyList<(string Rule, string Broken)> Checks { get; }

    /// <summary>TRUE where any rule is broken.</summary>
    public string AnyBroken => Checks.Count == 0 ? "FALSE" : $"({string.Join(" OR ", Checks.Select(c => c.Broken))})";

    /// <summary>The reasons of one row as a list.</summary>
    public string Reasons => Checks.Count == 0 ? "CAST([] AS VARCHAR[])" : $"list_filter([{string.Join(", ", Checks.Select(c => $"CASE WHEN {c.Broken} THEN {Sql.Text(c.Rule)} END"))}], lambda reason: reason IS NOT NULL)";

    /// <summary>One row: all rows, broken rows, and broken rows for each check.</summary>
    public string Count(string from)
    {
        if (Checks.Count == 0)
        {
            return $"SELECT count(*), 0::BIGINT FROM {from} AS s";
        }

        // Named once inside and used twice outside: each rule is computed once.
        var names = Checks.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"r{i}")).ToArray();
        return $"SELECT count(*), count(*) FILTER (WHERE {string.Join(" OR ", names)}), {string.Join(", ", names.Select(n => $"count(*) FILTER (WHERE {n})"))} FROM (SELECT {string.Join(", ", Checks.Zip(names, (c, n) => $"{c.Broken} AS {n}"))} FROM {from} AS s)";
    }

    private string? Broken(ContractCheck check)
    {
        if (check.Row is { } rule)
        {
            // A plain comparison is unknown only where a column is NULL, which is skipped anyway: it needs no guard against that.
            var plain = RuleSql.IsPlainComparison(rule.Condition);
            var guards = RuleLanguage.ValueColumns(rule.Condition).SelectMany(c => Guards(c, plain));
            var condition = rules.Compile(rule.Condition);
            return $"({string.Join(" AND ", guards.Append(plain ? $"NOT {condition}" : $"({condition}) IS NOT TRUE"))})";
        }

        var column = check.Column!;
        var source = columns[column.Name];

        // DuckDB compares what is inside a cast where it can, so a value that does not fit must be kept out by name.
        var value = source.Value;
        var usable = (source.IsMistyped is null ? "" : $"{source.IsTyped} AND ") + (column.Type == ColumnType.Number ? $"isfinite({value}) AND " : "");
        return check.Kind switch
        {
            CheckKind.Presence => $"({source.Raw} IS NULL)",
            CheckKind.Type => source.IsMistyped,
            CheckKind.Finite => $"(NOT isfinite({value}))",
            CheckKind.Range => $"({usable}{OutOfBounds(value, column)})",
            CheckKind.Domain => $"({usable}{value} NOT IN ({string.Join(", ", column.OneOf!.Select(v => Sql.Literal(column.Type, v)))}))",
            CheckKind.Length when column.MinLength == column.MaxLength => string.Create(CultureInfo.InvariantCulture, $"(length({value}) <> {column.MinLength})"),
            CheckKind.Length => string.Create(CultureInfo.InvariantCulture, $"(length({value}) NOT BETWEEN {column.MinLength ?? 0} AND {column.MaxLength ?? int.MaxValue})"),
            _ => $"(NOT regexp_full_match({value}, {Sql.Text(ContractPattern.Parse(column.Pattern!).Re2)}))",
        };
    }

    private static string OutOfBounds(string value, ContractColumn column)
    {
        var minimum = column.Minimum is { } low ? Sql.Literal(column.Type, low) : null;
        var maximum = column.Maximum is { } high ? Sql.Literal(column.Type, high) : null;
        return (minimum, maximum) switch
        {
            (null, _) => $"{value} > {maximum}",
            (_, null) => $"{value} < {minimum}",
            _ => $"{value} NOT BETWEEN {minimum} AND {maximum}",
        };
    }

    private IEnumerable<string> Guards(string name, bool plain)
    {
        var column = columns[name];
        if (!plain || column.IsMistyped is not null)
        {
            yield return column.IsTyped;
        }

        if (rules.IsNumber(name))
        {
            yield return $"isfinite({column.Value})";
        }
    }
}
