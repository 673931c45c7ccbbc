using System.Globalization;
using System.Text;

namespace Mlops.Sdk.Metadata;

/// <summary>Reads names and the values that they are compared with.</summary>
internal sealed class FilterFieldReader(FilterTokens tokens, SearchKind kind)
{
    private static readonly string[] Times = [.. "T| ".Split('|').SelectMany(between => (string[])[$"yyyy-MM-dd'{between}'HH:mmK", $"yyyy-MM-dd'{between}'HH:mm:ssK", $"yyyy-MM-dd'{between}'HH:mm:ss.FFFFFFFK"]), "yyyy-MM-dd"];
    private static readonly string[] Keywords = ["and", "or", "not", "in", "is", "null", "like", "ilike", "order", "by"];

    /// <summary>A name, after which a comparison or a direction comes.</summary>
    public SearchField Read(string expected)
    {
        var token = tokens.Current;
        if (token.Kind is FilterTokenKind.Name or FilterTokenKind.Quoted)
        {
            return Find(tokens.Take(), null, token.Value);
        }

        if (token.Kind != FilterTokenKind.Word || Keywords.Contains(token.Value, StringComparer.OrdinalIgnoreCase))
        {
            throw tokens.Unexpected(token.Kind == FilterTokenKind.Text ? $"{expected}, which stands in backticks where it has other characters" : expected);
        }

        tokens.Take();
        var dot = token.Value.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return Find(token, null, token.Value);
        }

        var (before, name) = (token.Value[..dot], token.Value[(dot + 1)..]);
        if (name.Length == 0 && tokens.Current.Start == token.End && tokens.Current.Kind is FilterTokenKind.Name or FilterTokenKind.Quoted)
        {
            name = tokens.Take().Value;
        }

        return Find(token, before, name);
    }

    /// <summary>LIKE or ILIKE and its pattern.</summary>
    public (string Text, bool IgnoreCase) Pattern(SearchField field)
    {
        var word = tokens.Take();
        if (field.Type is SearchType.Number or SearchType.Time)
        {
            throw tokens.Wrong(word, $"=, !=, <, <=, >, >=, IN or IS, because {field.Name} is a {Noun(field)}");
        }

        return tokens.Current.Kind is FilterTokenKind.Text or FilterTokenKind.Quoted ? (Text(tokens.Take()), word.IsWord("ilike")) : throw tokens.Unexpected("a pattern in quotes");
    }

    /// <summary>A value of the type that the field has.</summary>
    public AttributeValue Value(SearchField field)
    {
        var token = tokens.Current;
        AttributeValue? value = token.Kind switch
        {
            FilterTokenKind.Number when field.Type != SearchType.Text => token.Number,
            FilterTokenKind.Text or FilterTokenKind.Quoted => Quoted(field, token),
            _ => default(AttributeValue?),
        };
        if (value is not { } found)
        {
            throw tokens.Unexpected(field.Type switch
            {
                SearchType.Number => $"a number, because {field.Name} is one",
                SearchType.Time => $"a time such as '2026-03-01T12:00:00Z', or milliseconds since 1970, because {field.Name} is a time",
                SearchType.Text => $"a text in quotes, because {field.Name} is a text",
                _ => "a number or a text in quotes",
            });
        }

        tokens.Take();
        return found;
    }

    private AttributeValue? Quoted(SearchField field, FilterToken token) => field.Type switch
    {
        SearchType.Number => field.QuotedNumbers && double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : default(AttributeValue?),
        SearchType.Time => DateTimeOffset.TryParseExact(token.Value, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? FilterTerm.Time(time) : default(AttributeValue?),
        _ => Text(token),
    };

    private string Text(FilterToken token) => Encoding.UTF8.GetByteCount(token.Value) <= MetadataLimits.InlineBytes
        ? token.Value
        : throw tokens.Wrong(token, string.Create(CultureInfo.InvariantCulture, $"a text of at most {MetadataLimits.InlineBytes:N0} bytes, which is the longest that can be stored"));

    private SearchField Find(FilterToken token, string? before, string name) => name.Length == 0
        ? throw new FilterSyntaxException(tokens.Text, token.End, "a name, in backticks where it has other characters than letters, digits, _ - / : and .", "none")
        : kind.Find(before, name) ?? throw tokens.Wrong(token, kind.Known);

    private static string Noun(SearchField field) => field.Type == SearchType.Time ? "time" : "number";
}
