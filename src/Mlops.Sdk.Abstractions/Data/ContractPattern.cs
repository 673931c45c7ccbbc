using System.Text;

namespace Mlops.Sdk.Data;

/// <summary>A regular expression of the contract language: it matches the whole text, in linear time, and means the same in every engine. Immutable and thread-safe.</summary>
/// <remarks>
/// Syntax: literals; <c>.</c> (any code point but a line feed); classes <c>[a-z]</c>, <c>[^a-z]</c>; <c>\d \D \w \W \s \S</c> over ASCII; <c>\t \n \r \f</c>; a backslash before punctuation; groups <c>(…)</c> and
/// <c>(?:…)</c>; <c>|</c>; <c>* + ? {n} {n,} {n,m}</c>. Anchors, lazy and possessive quantifiers, look-around, back references, flags, word boundaries and Unicode categories are refused: engines disagree on them.
/// Half of a surrogate pair counts as U+FFFD.
/// </remarks>
public sealed class ContractPattern
{
    private readonly PatternAutomaton automaton;

    private ContractPattern(string text, PatternNode node)
    {
        Text = text;
        automaton = PatternAutomaton.Build(node);
        var re2 = new StringBuilder();
        node.WriteRe2(re2);
        Re2 = re2.ToString();
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>The same pattern for RE2 under full match: ASCII only, every code point spelled out, no option needed.</summary>
    public string Re2 { get; }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="ArgumentException">The pattern is outside the language, or too large; the message names the place and the remedy.</exception>
    public static ContractPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text, new PatternParser(text).Parse());
    }

    /// <summary>Whether the whole text matches. Allocates nothing; one step per code point.</summary>
    public bool IsMatch(ReadOnlySpan<char> text) => automaton.IsMatch(text);
}
