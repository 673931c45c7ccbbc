using System.Globalization;
using System.Text;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>Answers as text, to compare them byte for byte.</summary>
internal static class Written
{
    /// <summary>Everything that is in an answer as one text: numbers by their bits, attributes sorted.</summary>
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        double number => BitConverter.DoubleToInt64Bits(number).ToString("x", CultureInfo.InvariantCulture),
        AttributeValue { Text: { } text } => $"'{text}'",
        AttributeValue attribute => Of(attribute.Number),
        DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        IEnumerable<KeyValuePair<string, AttributeValue>> attributes => string.Join(",", attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={Of(a.Value)}")),
        System.Collections.IEnumerable items => $"[{string.Join(";", items.Cast<object?>().Select(Of))}]",
        IFormattable plain => plain.ToString(null, CultureInfo.InvariantCulture),
        _ => new StringBuilder().AppendJoin('|', value.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0).Select(p => Of(p.GetValue(value)))).ToString(),
    };
}
