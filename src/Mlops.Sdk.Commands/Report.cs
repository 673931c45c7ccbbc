using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk;

/// <summary>How results are printed.</summary>
internal enum OutputFormat
{
    /// <summary>A table for people.</summary>
    Table,

    /// <summary>JSON alone.</summary>
    Json,

    /// <summary>A Markdown table.</summary>
    Md,
}

/// <summary>Rows under named columns, the result of a verb.</summary>
/// <param name="columns">The names, which are the properties in JSON.</param>
internal sealed class Report(params string[] columns)
{
    private const int PlainWidth = 160;
    private const int MaxPairs = 6;
    private readonly List<object?[]> rows = [];

    /// <summary>What to print below a table when there are no rows.</summary>
    public string Empty { get; init; } = "Nothing.";

    /// <summary>Columns that a table leaves out, the first first, as long as it is wider than the terminal, and when they are empty. JSON and Markdown have them all.</summary>
    public IReadOnlyList<string> Droppable { get; init; } = [];

    /// <summary>What is said on the error stream after the rows, for example that there are more.</summary>
    public string? Note { get; set; }

    /// <summary>A text to print as it is, instead of the rows.</summary>
    public string? Text { get; set; }

    public int ExitCode { get; set; }

    public int Count => rows.Count;

    public void Add(params object?[] row) => rows.Add(row);

    /// <summary>Prints the rows.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="format">In which form.</param>
    /// <param name="width">How wide a table may be; null for the width of the terminal, or enough for a file.</param>
    public void Write(TextWriter output, OutputFormat format, int? width = null)
    {
        if (Text is not null)
        {
            output.Write(Text);
        }
        else if (format == OutputFormat.Json)
        {
            WriteJson(output);
        }
        else if (rows.Count == 0)
        {
            output.WriteLine(Empty);
        }
        else
        {
            WriteTable(output, format == OutputFormat.Md ? TableBorder.Markdown : TableBorder.Rounded, width);
        }
    }

    private void WriteTable(TextWriter output, TableBorder border, int? width)
    {
        var markdown = border == TableBorder.Markdown;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        if (width is not null || !console.Profile.Out.IsTerminal || markdown)
        {
            console.Profile.Width = markdown ? 10_000 : width ?? PlainWidth;
        }

        var cells = rows.ConvertAll(row => Array.ConvertAll(row, value => Cell(value, markdown)));
        var shown = markdown ? [.. Enumerable.Range(0, columns.Length)] : Fitting(cells, console.Profile.Width);
        var table = new Table { Border = border };
        foreach (var i in shown)
        {
            // What identifies a row is never cut in two; a sentence may be.
            var isId = i == 0 && cells.All(row => !row[0].Contains(' ', StringComparison.Ordinal));
            table.AddColumn(new TableColumn(Markup.Escape(columns[i])) { NoWrap = markdown || isId });
        }

        foreach (var row in cells)
        {
            table.AddRow([.. shown.Select(i => Markup.Escape(row[i]))]);
        }

        console.Write(table);
    }

    private List<int> Fitting(List<string[]> cells, int width)
    {
        var shown = Enumerable.Range(0, columns.Length).ToList();
        foreach (var column in Droppable.Select(name => Array.IndexOf(columns, name)).Where(column => Width() > width || cells.All(row => row[column].Length == 0)))
        {
            shown.Remove(column);
        }

        return shown;

        int Width() => 1 + shown.Sum(i => 3 + Math.Max(columns[i].Length, cells.Max(row => row[i].Length)));
    }

    private void WriteJson(TextWriter output)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                json.WriteStartObject();
                for (var i = 0; i < columns.Length; i++)
                {
                    json.WritePropertyName(columns[i]);
                    WriteJson(json, row[i]);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    /// <summary>A number for people, rounded, but never to nothing: 1E-07 instead of 0.</summary>
    public static string Number(double value, int digits) => value != 0 && Math.Abs(value) < Math.Pow(10, -digits)
        ? value.ToString("G3", CultureInfo.InvariantCulture)
        : value.ToString("0." + new string('#', digits), CultureInfo.InvariantCulture);

    /// <summary>A time as it stands in every table.</summary>
    public static string Cell(DateTimeOffset time) => TextOf(time);

    private static void WriteJson(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool b:
                json.WriteBooleanValue(b);
                break;
            case int n:
                json.WriteNumberValue(n);
                break;
            case long n:
                json.WriteNumberValue(n);
                break;
            case IReadOnlyList<string> texts:
                json.WriteStartArray();
                foreach (var text in texts)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
                break;
            case IReadOnlyDictionary<string, double> numbers:
                WriteJson(json, numbers.ToDictionary(pair => pair.Key, object? (pair) => pair.Value));
                break;
            case IReadOnlyDictionary<string, string> texts:
                WriteJson(json, texts.ToDictionary(pair => pair.Key, object? (pair) => pair.Value));
                break;
            case Dictionary<string, object?> values:
                json.WriteStartObject();
                foreach (var (name, item) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WritePropertyName(name);
                    WriteJson(json, item);
                }

                json.WriteEndObject();
                break;
            case double n when double.IsFinite(n):
                json.WriteNumberValue(n);
                break;
            default:
                json.WriteStringValue(TextOf(value));
                break;
        }
    }

    /// <summary>A value in a table. Control characters, which could move the cursor or end a line, become spaces.</summary>
    private static string Cell(object? value, bool markdown)
    {
        var text = value is Digest digest && !markdown ? "sha256:" + digest.Hex[..12] + "…" : TextOf(value);
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return markdown ? text.Replace("|", "\\|", StringComparison.Ordinal) : text;
    }

    /// <summary>The first names with their values; the rest is counted.</summary>
    private static string Pairs(IEnumerable<(string Name, string Value)> pairs)
    {
        var all = pairs.OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}").ToList();
        var more = all.Count > MaxPairs ? string.Create(CultureInfo.InvariantCulture, $", and {all.Count - MaxPairs} more") : "";
        return string.Join(", ", all.Take(MaxPairs)) + more;
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        IReadOnlyDictionary<string, double> numbers => Pairs(numbers.Select(pair => (pair.Key, Number(pair.Value, 4)))),
        IReadOnlyDictionary<string, string> texts => Pairs(texts.Select(pair => (pair.Key, pair.Value))),
        IReadOnlyList<string> texts => string.Join("; ", texts),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        double number => Number(number, 6),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
