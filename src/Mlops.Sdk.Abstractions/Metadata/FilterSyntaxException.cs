using System.Globalization;
using System.Text;

namespace Mlops.Sdk.Metadata;

/// <summary>A filter text is not written in the filter language. The message says where, what was expected and what was found, and points at it.</summary>
public sealed class FilterSyntaxException : ArgumentException
{
    private const int Before = 40;
    private const int Width = 80;
    private const int LongestFound = 40;

    internal FilterSyntaxException(string text, int position, string expected, string found)
        : base(Describe(text, position, expected, Shorten(found)))
    {
        Position = position;
        Expected = expected;
        Found = Shorten(found);
    }

    /// <summary>Where, in characters from 0.</summary>
    public int Position { get; }

    /// <summary>What would have been right there.</summary>
    public string Expected { get; }

    /// <summary>What stands there instead, cut when it is long.</summary>
    public string Found { get; }

    private static string Describe(string text, int position, string expected, string found)
    {
        var start = Math.Max(0, position - Before);
        var end = Math.Min(text.Length, start + Width);
        var (left, right) = (start > 0 ? "…" : "", end < text.Length ? "…" : "");
        var caret = new string(' ', left.Length + position - start);
        return string.Create(CultureInfo.InvariantCulture, $"The filter is wrong at column {position + 1}: expected {expected}, found {found}.\n{left}{Printable(text[start..end])}{right}\n{caret}^");
    }

    private static string Shorten(string found) => Printable(found.Length <= LongestFound ? found : found[..LongestFound] + "…");

    /// <summary>The same length, on one line, without what a terminal or a log would stumble over.</summary>
    private static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            printable.Append(char.IsControl(text[i]) ? ' ' : char.IsSurrogate(text[i]) && !pair ? '?' : text[i]);
            if (pair)
            {
                printable.Append(text[++i]);
            }
        }

        return printable.ToString();
    }
}
