using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Mlops.Sdk.Registry;

/// <summary>An input and what the model answered to it when it was packaged: the self-test of every host that loads the package.</summary>
/// <param name="Input">The input record.</param>
/// <param name="Expected">The answer; properties that it does not name are not compared.</param>
/// <param name="Tolerance">How far a number may be off: at most <c>Tolerance × max(1, |expected|)</c>. Not negative.</param>
public sealed record GoldenRow(JsonElement Input, JsonElement Expected, double Tolerance = GoldenRow.DefaultTolerance)
{
    /// <summary>Enough for single-precision arithmetic on another processor.</summary>
    public const double DefaultTolerance = 1e-5;

    /// <summary>The first difference between an answer and the expected one, for example <c>$.Score[2] is 0.5, expected 0.25</c>; null when they agree.</summary>
    public string? Difference(JsonElement actual) => Difference(Expected, actual, "$");

    /// <summary>Rows as JSON lines, the form in which a package stores them.</summary>
    public static byte[] WriteLines(IEnumerable<GoldenRow> rows)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        foreach (var row in rows)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("expected");
            row.Expected.WriteTo(writer);
            writer.WritePropertyName("input");
            row.Input.WriteTo(writer);
            writer.WriteNumber("tolerance", row.Tolerance);
            writer.WriteEndObject();
            writer.Flush();
            buffer.Write("\n"u8);
            writer.Reset();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="WriteLines"/> wrote.</summary>
    /// <exception cref="JsonException">A line is not a golden row.</exception>
    public static IReadOnlyList<GoldenRow> ReadLines(ReadOnlySpan<byte> lines)
    {
        var rows = new List<GoldenRow>();
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range];
            if (line.IsEmpty)
            {
                continue;
            }

            var reader = new Utf8JsonReader(line);
            var row = JsonElement.ParseValue(ref reader);
            if (row.ValueKind != JsonValueKind.Object
                || !row.TryGetProperty("input", out var input)
                || !row.TryGetProperty("expected", out var expected)
                || !row.TryGetProperty("tolerance", out var tolerance)
                || tolerance.ValueKind != JsonValueKind.Number)
            {
                throw new JsonException($"Line {rows.Count + 1} is not an object with 'input', 'expected' and 'tolerance'.");
            }

            rows.Add(new(input, expected, tolerance.GetDouble()));
        }

        return rows;
    }

    private string? Difference(JsonElement expected, JsonElement actual, string path)
    {
        if (Number(expected) is { } wanted && Number(actual) is { } found)
        {
            return wanted.Equals(found) || (double.IsFinite(wanted) && Math.Abs(wanted - found) <= Tolerance * Math.Max(1, Math.Abs(wanted))) ? null : Say(expected, actual, path);
        }

        if (expected.ValueKind != actual.ValueKind)
        {
            return Say(expected, actual, path);
        }

        return expected.ValueKind switch
        {
            JsonValueKind.Object => InObject(expected, actual, path),
            JsonValueKind.Array => InArray(expected, actual, path),
            JsonValueKind.String => expected.ValueEquals(actual.GetString()) ? null : Say(expected, actual, path),
            _ => null,
        };
    }

    private string? InObject(JsonElement expected, JsonElement actual, string path)
    {
        foreach (var property in expected.EnumerateObject())
        {
            var inner = path + "." + property.Name;
            if (!actual.TryGetProperty(property.Name, out var value))
            {
                return inner + " is missing";
            }

            if (Difference(property.Value, value, inner) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private string? InArray(JsonElement expected, JsonElement actual, string path)
    {
        if (expected.GetArrayLength() != actual.GetArrayLength())
        {
            return string.Create(CultureInfo.InvariantCulture, $"{path} has {actual.GetArrayLength()} elements, expected {expected.GetArrayLength()}");
        }

        for (var i = 0; i < expected.GetArrayLength(); i++)
        {
            if (Difference(expected[i], actual[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    // JSON has no NaN and no infinities, so they are written as the strings that System.Text.Json uses for them.
    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => null,
        },
        _ => null,
    };

    private static string Say(JsonElement expected, JsonElement actual, string path) => $"{path} is {actual.GetRawText()}, expected {expected.GetRawText()}";
}
