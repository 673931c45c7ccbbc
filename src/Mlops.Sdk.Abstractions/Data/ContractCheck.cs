namespace Mlops.Sdk.Data;

/// <summary>The kinds of rule, in the order in which they are reported for a column.</summary>
public enum CheckKind
{
    /// <summary>The value is there.</summary>
    Presence,

    /// <summary>The value has the type; only files can break it.</summary>
    Type,

    /// <summary>The number is neither NaN nor infinite.</summary>
    Finite,

    /// <summary>The value is between the bounds.</summary>
    Range,

    /// <summary>The value is one of the listed.</summary>
    Domain,

    /// <summary>The text has the length.</summary>
    Length,

    /// <summary>The text matches the pattern.</summary>
    Pattern,

    /// <summary>The cross-column condition is true.</summary>
    Row,
}

/// <summary>One thing that a contract checks. Engines report its <see cref="Rule"/>.</summary>
/// <param name="Rule">The stable reason, for example <c>delay.range</c>.</param>
/// <param name="Kind">The kind of rule.</param>
/// <param name="Column">The column, or null for a cross-column rule.</param>
/// <param name="Row">The cross-column rule, or null.</param>
/// <param name="Message">What the rule asks for, for people.</param>
public sealed record ContractCheck(string Rule, CheckKind Kind, ContractColumn? Column, RowRule? Row, string Message)
{
    internal static IEnumerable<ContractCheck> Of(ContractColumn column)
    {
        var name = column.Name;
        if (column.Required)
        {
            yield return new($"{name}.presence", CheckKind.Presence, column, null, $"{name} must be present");
        }

        yield return new($"{name}.type", CheckKind.Type, column, null, $"{name} must be of type {column.Type}");
        if (column.Type == ColumnType.Number && column.NonFinite == NonFinitePolicy.Reject)
        {
            yield return new($"{name}.finite", CheckKind.Finite, column, null, $"{name} must be neither NaN nor infinite");
        }

        if (column.Minimum is not null || column.Maximum is not null)
        {
            yield return new($"{name}.range", CheckKind.Range, column, null, $"{name} must be {Bounds(column.Minimum, column.Maximum)}");
        }

        if (column.OneOf is { } values)
        {
            yield return new($"{name}.domain", CheckKind.Domain, column, null, $"{name} must be one of {string.Join(", ", values.Take(10))}{(values.Count > 10 ? $" and {values.Count - 10} more" : "")}");
        }

        if (column.MinLength is not null || column.MaxLength is not null)
        {
            yield return new($"{name}.length", CheckKind.Length, column, null, $"{name} must have a length {Bounds(column.MinLength, column.MaxLength)}");
        }

        if (column.Pattern is { } pattern)
        {
            yield return new($"{name}.pattern", CheckKind.Pattern, column, null, $"{name} must match {pattern}");
        }
    }

    internal static ContractCheck Of(RowRule rule) => new(rule.Name, CheckKind.Row, null, rule, $"the row must satisfy: {rule.Name}");

    private static string Bounds(object? minimum, object? maximum) => (minimum, maximum) switch
    {
        (null, _) => FormattableString.Invariant($"at most {maximum}"),
        (_, null) => FormattableString.Invariant($"at least {minimum}"),
        _ => FormattableString.Invariant($"between {minimum} and {maximum}"),
    };
}
