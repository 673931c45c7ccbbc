using System.Globalization;
using System.Text;

namespace Mlops.Sdk.Data;

/// <summary>Writes names and values into SQL so that no text can leave its quotes.</summary>
internal static class Sql
{
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text literal. The parser of DuckDB ends at a NUL, which is therefore written as a call.</summary>
    public static string Text(string text)
    {
        var quoted = new StringBuilder();
        var parts = text.Split('\0');
        for (var i = 0; i < parts.Length; i++)
        {
            quoted.Append(i == 0 ? "" : " || chr(0) || ").Append('\'').Append(parts[i].Replace("'", "''", StringComparison.Ordinal)).Append('\'');
        }

        return parts.Length == 1 ? quoted.ToString() : $"({quoted})";
    }

    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Text))}]";

    /// <summary>The pattern that names only the file <paramref name="path"/>. DuckDB reads every path as a pattern: <c>d[1].csv</c> would be <c>d1.csv</c>.</summary>
    public static string Pattern(string path) => string.Concat(path.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));

    /// <summary>The files as a list of patterns.</summary>
    public static string Files(IEnumerable<string> paths) => List(paths.Select(Pattern));

    public static string Literal(ColumnType type, string text) => (RuleLanguage.KindOf(type), ContractLiteral.Parse(type, text)) switch
    {
        (RuleKind.Boolean, bool value) => value ? "true" : "false",
        (RuleKind.Number, double value) => $"CAST('{value.ToString("R", CultureInfo.InvariantCulture)}' AS DOUBLE)",
        (RuleKind.Timestamp, long value) => $"TIMESTAMP '{ContractLiteral.Format(type, DateTime.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond))}'",
        (RuleKind.Date, long) => $"DATE '{text}'",
        (RuleKind.Whole, long.MinValue) => "CAST('-9223372036854775808' AS BIGINT)",
        (RuleKind.Whole, long value) => value.ToString(CultureInfo.InvariantCulture),
        _ => Text(text),
    };
}
