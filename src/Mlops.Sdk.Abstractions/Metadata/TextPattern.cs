namespace Mlops.Sdk.Metadata;

/// <summary>Matches <see cref="Comparison.Like"/> patterns in time proportional to text times pattern, without recursion.</summary>
internal static class TextPattern
{
    public static bool Matches(string text, string pattern, bool ignoreCase)
    {
        int t = 0, p = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && pattern[p] == '_')
            {
                t += Width(text, t);
                p++;
            }
            else if (p < pattern.Length && Same(text[t], pattern[p], ignoreCase))
            {
                t++;
                p++;
            }
            else if (star >= 0)
            {
                resume += Width(text, resume);
                t = resume;
                p = star + 1;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).IndexOfAnyExcept('%') < 0;
    }

    private static int Width(string text, int index) => char.IsHighSurrogate(text[index]) && index + 1 < text.Length ? 2 : 1;

    private static bool Same(char a, char b, bool ignoreCase) =>
        a == b || (ignoreCase && char.IsAsciiLetter(a) && (a | 0x20) == (b | 0x20));
}
