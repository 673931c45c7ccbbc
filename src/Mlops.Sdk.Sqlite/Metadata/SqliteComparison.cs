using System.Globalization;
using System.Text;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// One comparison as SQL on a column of numbers or of texts; null when no value of that type can satisfy it. In a column of numbers NaN is the text <c>NaN</c>, which is greater than every number in
/// SQLite, so <c>&gt;</c> excludes it by <c>&lt; ''</c>.
/// </summary>
internal static class SqliteComparison
{
    private const int FewValues = 200;
    private const int MaxPatternBytes = 50_000;

    public static string? Number(EntityFilter.Compare f, string column, SqliteParameters parameters)
    {
        if (f.Operator == Comparison.In)
        {
            var numbers = f.Values.Where(v => v.IsNumber).Select(v => v.Number!.Value).Distinct().ToList();
            return numbers.Count switch
            {
                0 => null,
                <= FewValues when parameters.HasRoom => $"{column} in ({string.Join(", ", numbers.Select(parameters.Add))})",
                _ => ManyNumbers(numbers, column, parameters),
            };
        }

        if (f.Operator is Comparison.Like or Comparison.LikeIgnoreCase || f.Values[0].Number is not { } value)
        {
            return null;
        }

        var isNaN = double.IsNaN(value);
        return f.Operator switch
        {
            Comparison.Equal => $"{column} = {parameters.Add(value)}",
            Comparison.NotEqual => $"{column} <> {parameters.Add(value)}",
            Comparison.Less when !isNaN => $"{column} < {parameters.Add(value)}",
            Comparison.LessOrEqual when !isNaN => $"{column} <= {parameters.Add(value)}",
            Comparison.Greater when !isNaN => $"({column} > {parameters.Add(value)} and {column} < '')",
            Comparison.GreaterOrEqual when !isNaN => $"({column} >= {parameters.Add(value)} and {column} < '')",
            Comparison.LessOrEqual or Comparison.GreaterOrEqual => $"{column} = {parameters.Add(value)}",
            _ => null,
        };
    }

    public static string? Text(EntityFilter.Compare f, string column, SqliteParameters parameters)
    {
        if (f.Operator == Comparison.In)
        {
            var texts = f.Values.Where(v => !v.IsNumber).Select(v => v.Text!).Distinct(StringComparer.Ordinal).ToList();
            return texts.Count switch
            {
                0 => null,
                <= FewValues when parameters.HasRoom => $"{column} in ({string.Join(", ", texts.Select(parameters.Add))})",
                _ => $"{column} in (select value from json_each({parameters.Add(Json(texts))}))",
            };
        }

        if (f.Values[0].Text is not { } value)
        {
            return null;
        }

        return f.Operator switch
        {
            Comparison.Equal => $"{column} = {parameters.Add(value)}",
            Comparison.NotEqual => $"{column} <> {parameters.Add(value)}",
            Comparison.Less => $"{column} < {parameters.Add(value)}",
            Comparison.LessOrEqual => $"{column} <= {parameters.Add(value)}",
            Comparison.Greater => $"{column} > {parameters.Add(value)}",
            Comparison.GreaterOrEqual => $"{column} >= {parameters.Add(value)}",
            Comparison.LikeIgnoreCase => Pattern(value, $"{column} like", ignoreCase: true, parameters),
            Comparison.Like => Pattern(value, $"{column} glob", ignoreCase: false, parameters),
            _ => null,
        };
    }

    /// <summary>LIKE of SQLite folds the case of ASCII letters and nothing else, GLOB folds none: with % and _ written as * and ?, they are the two operators of the contract.</summary>
    private static string? Pattern(string pattern, string match, bool ignoreCase, SqliteParameters parameters)
    {
        var written = new StringBuilder(pattern.Length);
        var literal = 0;
        foreach (var c in pattern)
        {
            switch (c)
            {
                case '%' when written.Length > 0 && written[^1] == (ignoreCase ? '%' : '*'):
                    break;
                case '%' or '_' when ignoreCase:
                    written.Append(c);
                    break;
                case '%':
                    written.Append('*');
                    break;
                case '_':
                    written.Append('?');
                    break;
                case '*' or '?' or '[' when !ignoreCase:
                    written.Append('[').Append(c).Append(']');
                    break;
                default:
                    written.Append(c);
                    break;
            }

            literal += c == '%' ? 0 : 1;
        }

        // Every character but % needs one of the text, and no text is longer than this.
        if (literal > MetadataLimits.InlineBytes)
        {
            return null;
        }

        var text = written.ToString();
        return Encoding.UTF8.GetByteCount(text) <= MaxPatternBytes
            ? $"{match} {parameters.Add(text)}"
            : throw new ArgumentException($"The pattern of {pattern.Length} characters is too long for SQLite, which takes {MaxPatternBytes} bytes. Use a shorter one.");
    }

    /// <summary>
    /// SQLite takes at most 32,766 parameters, and reads a decimal number with an error in the last digit now and then. So many numbers go as pairs of an integer m and an exponent e with the number m * 2^e, which is exact.
    /// </summary>
    private static string ManyNumbers(List<double> numbers, string column, SqliteParameters parameters)
    {
        var pairs = new StringBuilder("[");
        var special = "";
        foreach (var number in numbers)
        {
            if (!double.IsFinite(number))
            {
                special += $" or {column} = {parameters.Add(number)}";
                continue;
            }

            var bits = BitConverter.DoubleToInt64Bits(number);
            var exponent = (int)((bits >> 52) & 0x7FF);
            var mantissa = bits & 0xFFFFFFFFFFFFF;
            mantissa = exponent == 0 ? mantissa : mantissa | (1L << 52);
            pairs.Append(CultureInfo.InvariantCulture, $"{(pairs.Length > 1 ? "," : "")}[{(bits < 0 ? -mantissa : mantissa)},{Math.Max(exponent, 1) - 1075}]");
        }

        return $"({column} in (select json_extract(value, '$[0]') * pow(2.0, json_extract(value, '$[1]')) from json_each({parameters.Add(pairs.Append(']').ToString())})){special})";
    }

    private static string Json(List<string> texts)
    {
        using var stream = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach (var text in texts)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
