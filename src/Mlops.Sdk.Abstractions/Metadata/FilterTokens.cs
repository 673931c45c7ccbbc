namespace Mlops.Sdk.Metadata;

/// <summary>The pieces of a filter text, one at a time.</summary>
internal sealed class FilterTokens
{
    private readonly FilterTokenizer tokenizer;

    public FilterTokens(string text)
    {
        Text = text;
        tokenizer = new(text);
        Current = tokenizer.Next();
    }

    public string Text { get; }

    public FilterToken Current { get; private set; }

    public FilterToken Take()
    {
        var taken = Current;
        Current = tokenizer.Next();
        return taken;
    }

    public bool TakeWord(string word) => Take(Current.IsWord(word));

    public bool TakeSymbol(string symbol) => Take(Current.IsSymbol(symbol));

    /// <exception cref="FilterSyntaxException">Something else comes next.</exception>
    public void Expect(string wordOrSymbol, string expected)
    {
        if (!TakeWord(wordOrSymbol) && !TakeSymbol(wordOrSymbol))
        {
            throw Unexpected(expected);
        }
    }

    public FilterSyntaxException Unexpected(string expected) => Wrong(Current, expected);

    public FilterSyntaxException Wrong(FilterToken token, string expected) => new(Text, token.Start, expected, token.Kind == FilterTokenKind.End ? "the end" : Text[token.Start..token.End]);

    private bool Take(bool fits)
    {
        if (fits)
        {
            Take();
        }

        return fits;
    }
}
