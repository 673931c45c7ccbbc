namespace Mlops.Sdk.Metadata.Relational;

/// <summary>One comparison as SQL on a column of numbers or of texts; null when no value of that type can satisfy it. NaN is above every other number in the column.</summary>
internal sealed class SqlComparison(ISqlDialect dialect)
{
    public string? Number(EntityFilter.Compare f, string column, SqlStatement statement)
    {
        if (f.Operator == Comparison.In)
        {
            var numbers = f.Values.Where(v => v.IsNumber).Select(v => dialect.Encode(v.Number!.Value)).Distinct().ToList();
            return numbers.Count == 0 ? null : $"{statement.In(column, numbers)}";
        }

        if (f.Operator is Comparison.Like or Comparison.LikeIgnoreCase || f.Values[0].Number is not { } value)
        {
            return null;
        }

        var isNaN = double.IsNaN(value);
        return f.Operator switch
        {
            Comparison.Equal => $"{column} = {statement.AddNumber(value)}",
            Comparison.NotEqual => $"{column} <> {statement.AddNumber(value)}",
            Comparison.Less when !isNaN => $"{column} < {statement.AddNumber(value)}",
            Comparison.LessOrEqual when !isNaN => $"{column} <= {statement.AddNumber(value)}",
            Comparison.Greater when !isNaN => $"({column} > {statement.AddNumber(value)} and {IsNumber(column, statement)})",
            Comparison.GreaterOrEqual when !isNaN => $"({column} >= {statement.AddNumber(value)} and {IsNumber(column, statement)})",
            Comparison.LessOrEqual or Comparison.GreaterOrEqual => $"{column} = {statement.AddNumber(value)}",
            _ => null,
        };
    }

    /// <param name="f">The comparison.</param>
    /// <param name="column">The text.</param>
    /// <param name="statement">Takes the parameters.</param>
    /// <param name="indexed">Whether to say it in a way that finds the index of texts.</param>
    public string? Text(EntityFilter.Compare f, string column, SqlStatement statement, bool indexed = false)
    {
        if (f.Operator == Comparison.In)
        {
            var texts = f.Values.Where(v => !v.IsNumber).Select(v => v.Text!).Distinct(StringComparer.Ordinal).ToList();
            return texts.Count == 0 ? null : $"{statement.In(column, texts)}{Prefix("in", texts)}";
        }

        if (f.Values[0].Text is not { } value)
        {
            return null;
        }

        return f.Operator switch
        {
            Comparison.Equal => $"{column} = {statement.Add(value)}{Prefix("=", [value])}",
            Comparison.NotEqual => $"{column} <> {statement.Add(value)}",
            Comparison.Less => $"{column} < {statement.Add(value)}{Prefix("<=", [value])}",
            Comparison.LessOrEqual => $"{column} <= {statement.Add(value)}{Prefix("<=", [value])}",
            Comparison.Greater => $"{column} > {statement.Add(value)}{Prefix(">=", [value])}",
            Comparison.GreaterOrEqual => $"{column} >= {statement.Add(value)}{Prefix(">=", [value])}",
            Comparison.Like => dialect.Like(column, value, ignoreCase: false, statement),
            Comparison.LikeIgnoreCase => dialect.Like(column, value, ignoreCase: true, statement),
            _ => null,
        };

        // The index may hold the beginning of a long text only; the whole is compared beside it.
        string Prefix(string by, List<string> values) => !indexed || dialect.IndexedText(column) is not { } start ? ""
            : by == "in" ? $" and {start} in ({string.Join(", ", values.Select(v => dialect.IndexedText(statement.Add(v))))})"
            : $" and {start} {by} {dialect.IndexedText(statement.Add(values[0]))}";
    }

    /// <summary>A condition that excludes NaN.</summary>
    public static string IsNumber(string column, SqlStatement statement) => $"{column} <= {statement.AddNumber(double.PositiveInfinity)}";
}
