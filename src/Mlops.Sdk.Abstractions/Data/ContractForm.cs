namespace Mlops.Sdk.Data;

internal static class ContractForm
{
    private const int MaxChecks = 1000;

    public static ContractColumn Normalize(ContractColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        try
        {
            return column with
            {
                Minimum = column.Minimum is { } minimum ? ContractLiteral.Format(column.Type, minimum) : null,
                Maximum = column.Maximum is { } maximum ? ContractLiteral.Format(column.Type, maximum) : null,
                OneOf = column.OneOf?.Select(v => ContractLiteral.Format(column.Type, v)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray(),
            };
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The column '{column.Name}': {e.Message}", e);
        }
    }

    public static void Validate(DataContract contract)
    {
        foreach (var column in contract.Columns)
        {
            try
            {
                Validate(column);
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                throw new ArgumentException($"The column '{column.Name}': {e.Message}", e);
            }
        }

        if (contract.Columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The columns {string.Join(" and ", twice.Select(c => $"'{c.Name}'"))} have the same name but for case. Rename one.");
        }

        var columns = contract.Columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
        foreach (var rule in contract.Rules)
        {
            Name(rule.Name, "rule");
            try
            {
                if (RuleLanguage.KindOf(rule.Condition, columns) != RuleKind.Boolean)
                {
                    throw new ArgumentException("The condition is not true or false.");
                }
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                throw new ArgumentException($"The rule '{rule.Name}': {e.Message}", e);
            }
        }

        if (contract.Checks.GroupBy(c => c.Rule, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } clash)
        {
            throw new ArgumentException($"Two rules are named '{clash.Key}'. Rename one, or the reason would not say which was broken.");
        }

        if (contract.Checks.Count is 0 or > MaxChecks)
        {
            throw new ArgumentException($"The contract '{contract.Name}' has {contract.Checks.Count} rules; it needs 1 to {MaxChecks}.");
        }
    }

    private static void Validate(ContractColumn column)
    {
        Name(column.Name, "column");
        var kind = RuleLanguage.KindOf(column.Type);
        if (column.NonFinite is not NonFinitePolicy.Reject && (column.Type != ColumnType.Number || !Enum.IsDefined(column.NonFinite)))
        {
            throw new ArgumentException("Only a floating-point number can be NaN or infinite; remove [NonFinite].");
        }

        if ((column.Minimum ?? column.Maximum) is not null && kind is RuleKind.Boolean or RuleKind.Text)
        {
            throw new ArgumentException($"A range needs an ordered type, not {column.Type}; use [OneOf], [Length] or [Pattern].");
        }

        if (column is { Minimum: { } low, Maximum: { } high } && ((IComparable)ContractLiteral.Parse(column.Type, low)).CompareTo(ContractLiteral.Parse(column.Type, high)) > 0)
        {
            throw new ArgumentException($"The range is empty: {low} is greater than {high}.");
        }

        if (column.OneOf is { Count: 0 })
        {
            throw new ArgumentException("The list of allowed values is empty.");
        }

        if (kind != RuleKind.Text && (column.Pattern is not null || column.MinLength is not null || column.MaxLength is not null))
        {
            throw new ArgumentException($"Length and pattern are for text, not for {column.Type}.");
        }

        if (column.MinLength < 0 || column.MaxLength < 0 || column.MinLength > column.MaxLength)
        {
            throw new ArgumentException($"The length between {column.MinLength} and {column.MaxLength} is empty or negative.");
        }

        if (column.Pattern is { } pattern)
        {
            ContractPattern.Parse(pattern);
        }
    }

    // ';' separates reasons in a CSV quarantine file.
    private static void Name(string name, string what)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200 || name.Any(char.IsControl))
        {
            throw new ArgumentException($"'{name}' is not a name of a {what}: 1 to 200 characters, none of them a control character.");
        }

        if (name.Contains(';', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The name of a {what} must have no semicolon, which separates reasons. Rename '{name}'.");
        }

        ContractLiteral.Format(ColumnType.Text, name);
    }
}
