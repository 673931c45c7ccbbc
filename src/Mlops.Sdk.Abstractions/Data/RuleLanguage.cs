namespace Mlops.Sdk.Data;

/// <summary>What a node of a condition yields.</summary>
public enum RuleKind
{
    /// <summary>True, false or unknown.</summary>
    Boolean,

    /// <summary>An integer of 64 bits.</summary>
    Whole,

    /// <summary>A finite floating-point number.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A point in time.</summary>
    Timestamp,

    /// <summary>A day.</summary>
    Date,
}

/// <summary>The typing rules of conditions, for engines that compile them.</summary>
public static class RuleLanguage
{
    private const int MaxDepth = 100;

    // Engines without variables write the operands of these several times.
    private const int MaxChoiceDepth = 6;

    /// <summary>What values of a column type are in a condition.</summary>
    public static RuleKind KindOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => RuleKind.Boolean,
        ColumnType.Whole16 or ColumnType.Whole32 or ColumnType.Whole64 => RuleKind.Whole,
        ColumnType.Number => RuleKind.Number,
        ColumnType.Text => RuleKind.Text,
        ColumnType.Timestamp => RuleKind.Timestamp,
        ColumnType.Date => RuleKind.Date,
        _ => throw new ArgumentException($"'{type}' is not a column type."),
    };

    /// <summary>What <paramref name="node"/> yields over <paramref name="columns"/>.</summary>
    /// <exception cref="ArgumentException">The node is not well-formed; the message names it.</exception>
    public static RuleKind KindOf(RuleNode node, IReadOnlyDictionary<string, ContractColumn> columns) =>
        ChoiceDepth(node) <= MaxChoiceDepth ? KindOf(node, columns, 0) : throw new ArgumentException($"The condition nests min, max and division more than {MaxChoiceDepth} deep.");

    /// <summary>The columns that <paramref name="node"/> reads other than in a null test: where one of them is null or not finite, the rule is skipped.</summary>
    public static IReadOnlySet<string> ValueColumns(RuleNode node)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Collect(node, names);
        return names;
    }

    private static int ChoiceDepth(RuleNode? node, int depth = 0) => node is null ? throw new ArgumentException("A node of the condition is null.") : depth > MaxDepth ? 0 : (node.Op is "min" or "max" or "div" ? 1 : 0) + (node.Args ?? []).Select(a => ChoiceDepth(a, depth + 1)).DefaultIfEmpty().Max();

    private static void Collect(RuleNode node, SortedSet<string> names)
    {
        if (node.Op == "column")
        {
            names.Add(node.Value!);
        }
        else if (node.Op != "isNull")
        {
            foreach (var arg in node.Args ?? [])
            {
                Collect(arg, names);
            }
        }
    }

    private static RuleKind KindOf(RuleNode node, IReadOnlyDictionary<string, ContractColumn> columns, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ArgumentException($"The condition is nested more than {MaxDepth} deep.");
        }

        if (node.Op == "column")
        {
            return node.Value is { } name && columns.TryGetValue(name, out var column) ? KindOf(column.Type) : throw new ArgumentException($"The condition reads the column '{node.Value}', which the contract does not have.");
        }

        if (node.Op == "literal")
        {
            var type = node.Type ?? throw new ArgumentException("A literal of the condition has no type.");
            ContractLiteral.Parse(type, node.Value ?? throw new ArgumentException("A literal of the condition has no value."));
            return KindOf(type);
        }

        var args = (node.Args ?? []).Select(a => KindOf(a, columns, depth + 1)).ToArray();
        return (node.Op, args) switch
        {
            ("and" or "or", [RuleKind.Boolean, RuleKind.Boolean]) or ("not", [RuleKind.Boolean]) => RuleKind.Boolean,
            ("isNull", [_]) when node.Args![0].Op == "column" => RuleKind.Boolean,
            ("eq" or "ne", [var a, var b]) when a == b => RuleKind.Boolean,
            ("lt" or "le" or "gt" or "ge", [var a, var b]) when a == b && a is not (RuleKind.Boolean or RuleKind.Text) => RuleKind.Boolean,
            ("add" or "sub" or "mul" or "div" or "mod" or "min" or "max", [var a, var b]) when a == b && a is RuleKind.Whole or RuleKind.Number => a,
            ("neg" or "abs", [var a]) when a is RuleKind.Whole or RuleKind.Number => a,
            ("floor" or "ceiling" or "truncate" or "round", [RuleKind.Number]) => RuleKind.Number,
            ("toNumber", [RuleKind.Whole]) => RuleKind.Number,
            ("length", [RuleKind.Text]) => RuleKind.Whole,
            _ => throw new ArgumentException($"The condition has '{node.Op}' over ({string.Join(", ", args)}), which the rule language does not know."),
        };
    }
}
