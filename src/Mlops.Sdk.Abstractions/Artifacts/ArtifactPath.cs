using System.Globalization;
using System.Text;

namespace Mlops.Sdk.Artifacts;

/// <summary>Which paths a manifest may name: relative ones that stay inside their folder and mean the same file on every system.</summary>
public static class ArtifactPath
{
    /// <summary>The longest path, in characters.</summary>
    public const int MaxLength = 400;

    /// <summary>The longest segment, in bytes of UTF-8.</summary>
    public const int MaxSegmentBytes = 255;

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

        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (char.IsControl(c) || Refused.Contains(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return $"holds U+{(int)c:X4} at position {i}, which not every file system can keep";
            }

            if (char.IsSurrogate(c) && !(char.IsHighSurrogate(c) && i + 1 < path.Length && char.IsLowSurrogate(path[++i])))
            {
                return $"holds half a surrogate pair at position {i}";
            }

            if (c == '%' && i + 2 < path.Length && char.IsAsciiHexDigit(path[i + 1]) && char.IsAsciiHexDigit(path[i + 2]))
            {
                return $"holds a percent-encoded character at position {i}";
            }
        }

        return path.Split('/').Select(Segment).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>What two paths share that are one file on a system that ignores case or the form of accents.</summary>
    internal static string Fold(string path) => path.Normalize(NormalizationForm.FormC).ToUpperInvariant();

    /// <summary>A path for a message: odd characters are replaced, and it is cut to a bearable length.</summary>
    internal static string Printable(string path) =>
        string.Concat(path.Take(80).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c)) + (path.Length > 80 ? "…" : "");

    private static string? Segment(string segment) =>
        segment.Length == 0 ? "is absolute, ends with '/', or has an empty segment"
        : segment is "." or ".." ? "has a segment '.' or '..'"
        : segment[^1] is '.' or ' ' || segment[0] == ' ' ? "has a segment that begins with a space or ends with a dot or a space"
        : Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes ? $"has a segment longer than {MaxSegmentBytes} bytes"
        : Devices.Contains(segment.Split('.')[0].TrimEnd()) ? "has a segment that is the name of a device on Windows"
        : null;
}
