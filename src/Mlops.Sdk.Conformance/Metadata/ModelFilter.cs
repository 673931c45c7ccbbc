using System.Text;

namespace Mlops.Sdk.Metadata;

/// <summary>The semantics of filters written a second time, without looking at any store: slow, short and obvious.</summary>
internal static class ModelFilter
{
    public static bool Holds(AttributeValue actual, EntityFilter.Compare filter)
    {
        switch (filter.Operator)
        {
            case Comparison.In:
                return filter.Values.Any(v => Holds(actual, new EntityFilter.Compare(filter.Attribute, Comparison.Equal, v)));
            case Comparison.Like:
                return actual.IsNumber || filter.Values[0].IsNumber ? false : Like(Runes(actual.Text!), Runes(filter.Values[0].Text!), (a, b) => a == b);
            case Comparison.LikeIgnoreCase:
                return actual.IsNumber || filter.Values[0].IsNumber ? false : Like(Runes(actual.Text!), Runes(filter.Values[0].Text!), (a, b) => Fold(a) == Fold(b));
            default:
                return (actual.Number, filter.Values[0].Number) switch
                {
                    ({ } a, { } b) => Numbers(a, b, filter.Operator),
                    (null, null) => Signs(CompareText(actual.Text!, filter.Values[0].Text!), filter.Operator),
                    _ => false,
                };
        }
    }

    /// <summary>Text is compared by its UTF-8 bytes.</summary>
    public static int CompareText(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));

    private static bool Numbers(double a, double b, Comparison comparison) => (double.IsNaN(a), double.IsNaN(b)) switch
    {
        (true, true) => comparison is Comparison.Equal or Comparison.LessOrEqual or Comparison.GreaterOrEqual,
        (true, false) or (false, true) => comparison == Comparison.NotEqual,
        _ => Signs(a < b ? -1 : a > b ? 1 : 0, comparison),
    };

    private static bool Signs(int sign, Comparison comparison) => comparison switch
    {
        Comparison.Equal => sign == 0,
        Comparison.NotEqual => sign != 0,
        Comparison.Less => sign < 0,
        Comparison.LessOrEqual => sign <= 0,
        Comparison.Greater => sign > 0,
        Comparison.GreaterOrEqual => sign >= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    /// <summary>Which prefixes of the text the pattern so far can have matched.</summary>
    private static bool Like(Rune[] text, Rune[] pattern, Func<Rune, Rune, bool> same)
    {
        var reached = new bool[text.Length + 1];
        reached[0] = true;
        foreach (var part in pattern)
        {
            var next = new bool[text.Length + 1];
            for (var i = 0; i <= text.Length; i++)
            {
                next[i] = part.Value == '%'
                    ? reached[i] || (i > 0 && next[i - 1])
                    : i > 0 && reached[i - 1] && (part.Value == '_' || same(text[i - 1], part));
            }

            reached = next;
        }

        return reached[^1];
    }

    private static Rune[] Runes(string text) => [.. text.EnumerateRunes()];

    private static int Fold(Rune rune) => rune.Value is >= 'A' and <= 'Z' ? rune.Value + 32 : rune.Value;
}
