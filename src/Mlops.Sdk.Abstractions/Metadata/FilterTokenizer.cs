using System.Globalization;
using System.Text;

namespace Mlops.Sdk.Metadata;

/// <summary>Cuts a filter text into pieces.</summary>
internal sealed class FilterTokenizer(string text)
{
    private static readonly string[] Symbols = ["==", "!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","];
    private int position;

    public FilterToken Next()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        if (position == text.Length)
        {
            return new(FilterTokenKind.End, position, position, "");
        }

        return text[position] switch
        {
            '\'' => Quoted('\'', FilterTokenKind.Text),
            '"' => Quoted('"', FilterTokenKind.Quoted),
            '`' => Quoted('`', FilterTokenKind.Name),
            _ => Number() ?? Word() ?? Symbol(),
        };
    }

    /// <summary>The sign inside the quotes is written twice.</summary>
    private FilterToken Quoted(char quote, FilterTokenKind kind)
    {
        var start = position++;
        var value = new StringBuilder();
        while (position < text.Length)
        {
            var c = text[position++];
            if (c != quote)
            {
                value.Append(c);
            }
            else if (position < text.Length && text[position] == quote)
            {
                value.Append(quote);
                position++;
            }
            else
            {
                return new(kind, start, position, value.ToString());
            }
        }

        throw new FilterSyntaxException(text, start, $"a closing {quote}, which is written twice where it belongs to the text", "the end of the filter");
    }

    /// <summary>A number that no letter follows: <c>2026-run</c> is a word.</summary>
    private FilterToken? Number()
    {
        var end = position + (text[position] is '+' or '-' ? 1 : 0);
        var whole = Digits(ref end);
        var part = 0;
        if (end < text.Length && text[end] == '.')
        {
            end++;
            part = Digits(ref end);
        }

        if (whole + part == 0)
        {
            return Special();
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var exponent = end + 1;
            exponent += exponent < text.Length && text[exponent] is '+' or '-' ? 1 : 0;
            if (Digits(ref exponent) > 0)
            {
                end = exponent;
            }
        }

        return EndsAt(end) ? Number(end, double.Parse(text.AsSpan(position, end - position), NumberStyles.Float, CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>A word for what no digits say.</summary>
    private FilterToken? Special()
    {
        var sign = text[position] is '+' or '-' ? 1 : 0;
        foreach (var (word, value) in ((string, double)[])[("infinity", double.PositiveInfinity), ("inf", double.PositiveInfinity), ("nan", double.NaN)])
        {
            var end = position + sign + word.Length;
            if (end <= text.Length && text.AsSpan(position + sign, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase) && EndsAt(end))
            {
                return Number(end, text[position] == '-' ? -value : value);
            }
        }

        return null;
    }

    private FilterToken Number(int end, double value)
    {
        var token = new FilterToken(FilterTokenKind.Number, position, end, text[position..end], value);
        return double.IsInfinity(value) && char.IsAsciiDigit(text[end - 1])
            ? throw new FilterSyntaxException(text, token.Start, "a number that a double can hold", token.Value)
            : Take(token);
    }

    private FilterToken? Word()
    {
        var end = position;
        while (end < text.Length && Rune.TryGetRuneAt(text, end, out var rune) && IsPart(rune))
        {
            end += rune.Utf16SequenceLength;
        }

        return end > position && text[position] is not ('-' or '.' or '/' or ':') ? Take(new(FilterTokenKind.Word, position, end, text[position..end])) : null;
    }

    private FilterToken Symbol()
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, position, symbol, 0, symbol.Length) == 0)
            {
                return Take(new(FilterTokenKind.Symbol, position, position + symbol.Length, symbol));
            }
        }

        throw new FilterSyntaxException(text, position, "a name, a value, a comparison or a parenthesis", text[position..Math.Min(text.Length, position + (char.IsHighSurrogate(text[position]) ? 2 : 1))]);
    }

    private bool EndsAt(int end) => end == text.Length || !(Rune.TryGetRuneAt(text, end, out var rune) && IsPart(rune));

    private int Digits(ref int end)
    {
        var from = end;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - from;
    }

    private FilterToken Take(FilterToken token)
    {
        position = token.End;
        return token;
    }

    private static bool IsPart(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || rune.Value is '_' or '-' or '/' or '.' or ':' or '@'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
