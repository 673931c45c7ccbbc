using System.Text;

namespace Mlops.Sdk.Data;

/// <summary>Reads the header line of a CSV file. Told the columns, DuckDB has nothing to guess, and so skips no line that it dislikes.</summary>
internal static class CsvHeader
{
    private const int MaxLength = 1 << 20;

    public static IReadOnlyList<string> Read(string path, char delimiter)
    {
        using var reader = new StreamReader(path, new UTF8Encoding(false, true), detectEncodingFromByteOrderMarks: true);
        try
        {
            var names = Parse(reader, delimiter);
            return reader.CurrentEncoding is not UTF8Encoding ? throw NotUtf8(path)
                : names.Count == 0 || names.Any(string.IsNullOrWhiteSpace) ? throw Refuse(path, "its first line names no column, or one without a name")
                : names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice ? throw Refuse(path, $"its header names '{twice.Key}' twice")
                : names;
        }
        catch (DecoderFallbackException e)
        {
            throw NotUtf8(path, e);
        }
    }

    private static List<string> Parse(StreamReader reader, char delimiter)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        var (quoted, any) = (false, false);
        for (var read = 0; read < MaxLength; read++)
        {
            var c = reader.Read();
            if (c < 0 || (!quoted && c is '\n' or '\r'))
            {
                break;
            }

            any = true;
            if (c == '"')
            {
                if (quoted && reader.Peek() == '"')
                {
                    name.Append((char)reader.Read());
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (c == delimiter && !quoted)
            {
                names.Add(name.ToString());
                name.Clear();
            }
            else
            {
                name.Append((char)c);
            }
        }

        if (any)
        {
            names.Add(name.ToString());
        }

        return names;
    }

    private static CorruptedException NotUtf8(string path, Exception? inner = null) => new($"The file '{path}' is not UTF-8 text. Save it as UTF-8.", inner) { Store = "files", Operation = "read" };

    private static CorruptedException Refuse(string path, string what) =>
        new($"The file '{path}' is not a CSV file with a header: {what}. Write the column names into its first line.") { Store = "files", Operation = "read" };
}
