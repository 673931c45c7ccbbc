namespace Mlops.Sdk.Metadata;

/// <summary>Refuses what no stored name or text can hold, so that no store sees it.</summary>
internal static class FilterCharacters
{
    /// <exception cref="FilterSyntaxException">The text holds a control character other than white space, or half a surrogate pair.</exception>
    public static void Check(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) && !char.IsWhiteSpace(c))
            {
                throw new FilterSyntaxException(text, i, "a character that can be printed", "a control character");
            }

            if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(c))
            {
                throw new FilterSyntaxException(text, i, "a whole character", "half a surrogate pair");
            }
        }
    }
}
