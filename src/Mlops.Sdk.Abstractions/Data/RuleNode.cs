namespace Mlops.Sdk.Data;

/// <summary>One node of a cross-column condition: data, so that a contract can be stored, compared and compiled elsewhere.</summary>
/// <remarks>
/// Operators: <c>column</c> and <c>literal</c>; <c>and or not isNull</c>; <c>eq ne lt le gt ge</c>; <c>add sub mul div mod neg abs min max</c>; <c>floor ceiling truncate round</c>; <c>length</c>; <c>toNumber</c>.
/// </remarks>
public sealed record RuleNode
{
    /// <summary>The operator.</summary>
    public required string Op { get; init; }

    /// <summary>The type of a literal; else null.</summary>
    public ColumnType? Type { get; init; }

    /// <summary>The name of a column, or the text of a literal; else null.</summary>
    public string? Value { get; init; }

    /// <summary>The operands; null when there are none.</summary>
    public IReadOnlyList<RuleNode>? Args { get; init; }

    /// <summary>A node that reads a column.</summary>
    public static RuleNode Column(string name) => new() { Op = "column", Value = name };

    /// <summary>A constant of <paramref name="type"/>.</summary>
    public static RuleNode Literal(ColumnType type, object value) => new() { Op = "literal", Type = type, Value = ContractLiteral.Format(type, value) };

    /// <summary>An operator over <paramref name="args"/>.</summary>
    public static RuleNode Of(string op, params RuleNode[] args) => new() { Op = op, Args = args };
}

/// <summary>A cross-column rule. Rows where a column that it reads is null (other than in a null test) or not finite are skipped.</summary>
/// <param name="Name">The stable reason.</param>
/// <param name="Condition">What must be true. Where it cannot be computed (overflow, division by zero) it is not true.</param>
public sealed record RowRule(string Name, RuleNode Condition);
