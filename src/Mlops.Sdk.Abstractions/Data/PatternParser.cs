using System.Text;

namespace Mlops.Sdk.Data;

internal sealed class PatternParser(string text)
{
    private const int MaxDepth = 50;
    private int at;
    private int depth;

    public PatternNode Parse()
    {
        var node = Choice();
        if (at < text.Length)
        {
            throw Refuse("an unmatched ')'; write \\)");
        }

        return node.Size <= PatternNode.MaxSize ? node : throw new ArgumentException($"The pattern '{text}' is too large: written out it has more than {PatternNode.MaxSize} positions. Use a length rule for long texts.");
    }

    private PatternNode Choice()
    {
        if (++depth > MaxDepth)
        {
            throw Refuse($"groups nested more than {MaxDepth} deep");
        }

        var options = new List<PatternNode> { Sequence() };
        while (Take('|'))
        {
            options.Add(Sequence());
        }

        depth--;
        return options.Count == 1 ? options[0] : new PatternChoice(options);
    }

    private PatternSequence Sequence()
    {
        var parts = new List<PatternNode>();
        while (at < text.Length && text[at] is not ('|' or ')'))
        {
            parts.Add(Quantified(Atom()));
        }

        return new(parts);
    }

    private PatternNode Quantified(PatternNode node)
    {
        if (at >= text.Length || text[at] is not ('*' or '+' or '?' or '{'))
        {
            return node;
        }

        var result = text[at++] switch
        {
            '*' => new PatternRepeat(node, 0, null),
            '+' => new PatternRepeat(node, 1, null),
            '?' => new PatternRepeat(node, 0, 1),
            _ => Counted(node),
        };
        return at < text.Length && text[at] is '*' or '+' or '?' or '{' ? throw Refuse("a quantifier after a quantifier; lazy and possessive forms mean nothing when the whole text is matched") : result;
    }

    private PatternRepeat Counted(PatternNode node)
    {
        var minimum = Number() ?? throw Refuse("'{' without a count; write \\{");
        int? maximum = minimum;
        if (Take(','))
        {
            maximum = Number();
        }

        if (!Take('}') || minimum > maximum)
        {
            throw Refuse("a count that is not {n}, {n,} or {n,m} with n <= m");
        }

        return new(node, minimum, maximum);
    }

    private int? Number()
    {
        var start = at;
        var value = 0;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            value = Math.Min((value * 10) + text[at++] - '0', PatternNode.MaxSize + 1);
        }

        return at == start ? null : value <= PatternNode.MaxSize ? value : throw Refuse($"a count over {PatternNode.MaxSize}");
    }

    private PatternNode Atom()
    {
        switch (text[at])
        {
            case '(':
                at++;
                if (Take('?') && !Take(':'))
                {
                    throw Refuse("a group that starts with '(?'; only (…) and (?:…) are known");
                }

                var group = Choice();
                return Take(')') ? group : throw Refuse("a group without its ')'");
            case '[':
                return new PatternSet(Class());
            case '.':
                at++;
                return new PatternSet(CodePoints.AnyButLineFeed);
            case '\\':
                return new PatternSet(Escape());
            case '^' or '$':
                throw Refuse("an anchor; the whole text is matched anyway, so remove it, or write \\^ or \\$");
            case '*' or '+' or '?' or '{' or '}' or ']':
                throw Refuse($"'{text[at]}' where a character is expected; write \\{text[at]}");
            default:
                return new PatternSet(Literal());
        }
    }

    private CodePoints Literal()
    {
        if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var used) != System.Buffers.OperationStatus.Done)
        {
            throw Refuse("half of a surrogate pair");
        }

        at += used;
        return CodePoints.Of((rune.Value, rune.Value));
    }

    private CodePoints Escape()
    {
        if (++at >= text.Length)
        {
            throw Refuse("a backslash at the end; write \\\\");
        }

        var c = text[at++];
        return c switch
        {
            'd' => CodePoints.Digit,
            'D' => CodePoints.Digit.Complement(),
            'w' => CodePoints.Word,
            'W' => CodePoints.Word.Complement(),
            's' => CodePoints.Space,
            'S' => CodePoints.Space.Complement(),
            't' => CodePoints.Of(('\t', '\t')),
            'n' => CodePoints.Of(('\n', '\n')),
            'r' => CodePoints.Of(('\r', '\r')),
            'f' => CodePoints.Of(('\f', '\f')),
            _ when char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)) => CodePoints.Of((c, c)),
            _ => throw Refuse($"the escape \\{c}; known are \\d \\D \\w \\W \\s \\S \\t \\n \\r \\f and a backslash before punctuation"),
        };
    }

    private CodePoints Class()
    {
        at++;
        var negated = Take('^');
        var ranges = new List<(int, int)>();
        while (at < text.Length && text[at] != ']')
        {
            if (text[at] == '[' || (text[at] is '&' or '-' or '~' or '|' && at + 1 < text.Length && text[at + 1] == text[at]))
            {
                throw Refuse($"'{text[at]}' in a class, where engines disagree; write \\{text[at]}");
            }

            // A hyphen stands for itself only first or last.
            if (text[at] == '-' && ranges.Count > 0 && !(at + 1 < text.Length && text[at + 1] == ']'))
            {
                throw Refuse("a hyphen between items of a class; put it last or write \\-");
            }

            var from = text[at] == '\\' ? Escape() : Literal();
            if (at + 1 < text.Length && text[at] == '-' && text[at + 1] != ']')
            {
                at++;
                var to = text[at] == '\\' ? Escape() : text[at] == '[' ? throw Refuse("'[' in a class; write \\[") : Literal();
                var (low, high) = (Single(from), Single(to));
                ranges.Add(low <= high ? (low, high) : throw Refuse("a range that runs backwards"));
            }
            else
            {
                ranges.AddRange(from.Ranges);
            }
        }

        if (!Take(']') || ranges.Count == 0)
        {
            throw Refuse("a class that is empty or has no ']'");
        }

        var points = negated ? CodePoints.Of(ranges).Complement() : CodePoints.Of(ranges);
        return points.Ranges.Count > 0 ? points : throw Refuse("a class that no character is in");
    }

    private int Single(CodePoints points) => points.Ranges is [(var from, var to)] && from == to ? from : throw Refuse("a range between things that are not characters");

    private bool Take(char c)
    {
        if (at < text.Length && text[at] == c)
        {
            at++;
            return true;
        }

        return false;
    }

    private ArgumentException Refuse(string what) => new($"The pattern '{text}' has, at character {Math.Min(at + 1, text.Length)}, {what}.");
}
