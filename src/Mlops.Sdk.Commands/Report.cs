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
    private readonly List<object?[]> rows = [];

    /// <summary>What to print below a table when there are no rows.</summary>
    public string Empty { get; init; } = "Nothing.";

    public int ExitCode { get; set; }

    public int Count => rows.Count;

    public void Add(params object?[] row) => rows.Add(row);

    public void Write(TextWriter output, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            WriteJson(output);
        }
        else if (rows.Count == 0)
        {
            output.WriteLine(Empty);
        }
        else
        {
            WriteTable(output, format == OutputFormat.Md ? TableBorder.Markdown : TableBorder.Rounded);
        }
    }

    private void WriteTable(TextWriter output, TableBorder border)
    {
        var table = new Table { Border = border };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)) { NoWrap = border == TableBorder.Markdown });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(value => Markup.Escape(Cell(value, border == TableBorder.Markdown)))]);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        if (!console.Profile.Out.IsTerminal || border == TableBorder.Markdown)
        {
            console.Profile.Width = border == TableBorder.Markdown ? 10_000 : PlainWidth;
        }

        console.Write(table);
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
            case double n when double.IsFinite(n):
                json.WriteNumberValue(n);
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    /// <summary>A value in a table. Control characters, which could move the cursor or end a line, become spaces.</summary>
    private static string Cell(object? value, bool markdown)
    {
        var text = value is Digest digest && !markdown ? "sha256:" + digest.Hex[..12] + "…" : Text(value);
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return markdown ? text.Replace("|", "\\|", StringComparison.Ordinal) : text;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        IReadOnlyList<string> texts => string.Join("; ", texts),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        double number => Number(number, 6),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
