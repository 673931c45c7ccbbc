using System.Globalization;
using System.Text;

namespace Mlops.Sdk.Artifacts;

/// <summary>
/// The one rule for paths of artifacts, in manifests, packages, folders and runs: relative ones that stay inside their folder and mean the same file on every system.
/// The corpus <c>ArtifactPathCorpus</c> of Mlops.Sdk.Conformance shows both sides of it.
/// </summary>
public static class ArtifactPath
{
    /// <summary>The longest path, in characters.</summary>
    public const int MaxLength = 400;

    /// <summary>The longest segment, in bytes of UTF-8.</summary>
    public const int MaxSegmentBytes = 255;

    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    private static readonly System.Buffers.SearchValues<char> Refused = System.Buffers.SearchValues.Create("\\:*?\"<>|");

    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$", .. "0123456789¹²³".SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })], StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks a path.</summary>
    /// <exception cref="ArgumentException">What is wrong with it.</exception>
    public static void Validate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Problem(path) is { } problem)
        {
            throw new ArgumentException($"The artifact path '{Printable(path)}' {problem}. Use a relative path with '/' between plain names.", nameof(path));
        }
    }

    /// <summary>What is wrong with a path, as the rest of a sentence that begins with it; null when it is fine.</summary>
    public static string? Problem(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length is 0 or > MaxLength)
        {
            return $"is empty or longer than {MaxLength} characters";
        }

        var plain = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length;)
        {
            if (!Rune.TryGetRuneAt(path, i, out var rune))
            {
                return $"holds half a surrogate pair at position {i}";
            }

            var ascii = Plain(rune.Value);
            if (Odd(rune) || (rune.IsBmp && Refused.Contains((char)rune.Value)))
            {
                return $"holds U+{rune.Value:X4} at position {i}, which not every file system can keep";
            }

            if (ascii != rune.Value && (ascii is '/' or '\\' or ':'))
            {
                return $"holds U+{rune.Value:X4} at position {i}, which some systems take for '{(char)ascii}'";
            }

            plain.Append(rune.Value is Joiner or NonJoiner ? "" : ascii < 128 ? ((char)ascii).ToString() : rune.ToString());
            i += rune.Utf16SequenceLength;
        }

        var seen = plain.ToString();
        return Encoded(seen) ?? path.Split('/').Concat(seen.Split('/')).Select(Segment).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>What two paths share that are one file on a system that ignores case or the form of accents.</summary>
    internal static string Fold(string path) => path.Replace("\u200C", "", StringComparison.Ordinal).Replace("\u200D", "", StringComparison.Ordinal).Normalize(NormalizationForm.FormC).ToUpperInvariant();

    /// <summary>A path for a message: odd characters are replaced, and it is cut to a bearable length.</summary>
    internal static string Printable(string path) =>
        string.Concat(path.Take(80).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c)) + (path.Length > 80 ? "…" : "");

    /// <summary>Control characters, line ends, invisible ones and those that turn the direction of writing, private ones (which some file systems use for what Windows refuses), and no characters at all.</summary>
    private static bool Odd(Rune rune) =>
        (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF || Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse => true,
            UnicodeCategory.Format => rune.Value is not (Joiner or NonJoiner),
            _ => false,
        };

    /// <summary>The ASCII character that a character is in another width or shape, or else itself. Without the tables of the system, which a container may lack.</summary>
    private static int Plain(int character) => character switch
    {
        >= 0xFF01 and <= 0xFF5E => character - 0xFEE0,
        0x00A0 or (>= 0x2000 and <= 0x200A) or 0x202F or 0x205F or 0x3000 => ' ',
        0x2024 or 0x2025 or 0x2026 or 0xFE19 or 0xFE30 or 0xFE52 => '.',
        0x2044 or 0x2215 or 0x29F8 or 0x2100 or 0x2101 or 0x2105 or 0x2106 => '/',
        0x2216 or 0x29F5 or 0x29F9 or 0xFE68 => '\\',
        0x2236 or 0xFE13 or 0xFE55 or 0xA789 => ':',
        _ => character,
    };

    private static string? Encoded(string path)
    {
        for (var i = path.IndexOf('%'); i >= 0; i = path.IndexOf('%', i + 1))
        {
            var digits = path.AsSpan(path.AsSpan(i + 1).StartsWith("u", StringComparison.OrdinalIgnoreCase) ? i + 2 : i + 1);
            if (digits.Length >= 2 && char.IsAsciiHexDigit(digits[0]) && char.IsAsciiHexDigit(digits[1]))
            {
                return "holds a percent-encoded character";
            }
        }

        return null;
    }

    private static string? Segment(string segment) =>
        segment.Length == 0 ? "is absolute, ends with '/', or has an empty segment"
        : segment is "." or ".." ? "has a segment '.' or '..'"
        : segment[^1] is '.' or ' ' || segment[0] == ' ' ? "has a segment that begins with a space or ends with a dot or a space"
        : Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes ? $"has a segment longer than {MaxSegmentBytes} bytes"
        : Devices.Contains(segment.Split('.')[0].TrimEnd()) ? "has a segment that is the name of a device on Windows"
        : null;
}
