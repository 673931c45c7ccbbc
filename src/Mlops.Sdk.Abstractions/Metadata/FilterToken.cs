namespace Mlops.Sdk.Metadata;

/// <summary>What a piece of a filter text is.</summary>
internal enum FilterTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A name, an operator in words, or both with a dot in between.</summary>
    Word,

    /// <summary>A name in backticks.</summary>
    Name,

    /// <summary>A text in single quotes.</summary>
    Text,

    /// <summary>A name or a text in double quotes, which the place decides.</summary>
    Quoted,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A parenthesis, a comma or an operator in signs.</summary>
    Symbol,
}

/// <summary>A piece of a filter text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Value">Its meaning: the text inside the quotes, or as it is written.</param>
/// <param name="Number">The number that it is.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, int Start, int End, string Value, double Number = 0)
{
    public bool IsSymbol(string symbol) => Kind == FilterTokenKind.Symbol && Value == symbol;

    public bool IsWord(string word) => Kind == FilterTokenKind.Word && string.Equals(Value, word, StringComparison.OrdinalIgnoreCase);
}
