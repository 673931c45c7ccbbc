using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// Reads a filter text by recursive descent: <c>or := and (OR and)*</c>, <c>and := not (AND not)*</c>, <c>not := NOT not | '(' or ')' | comparison</c>, then <c>ORDER BY field [ASC | DESC]</c>.
/// </summary>
internal sealed class FilterParser
{
    private const int MaxLength = 10_000;
    private const int MaxNesting = 100;
    private const int MaxComparisons = 500;

    /// <summary>Whoever asks may combine the filter with conditions of their own.</summary>
    private const int Spare = 10;

    private readonly string text;
    private readonly FilterFieldReader fields;
    private readonly FilterTokens tokens;
    private int nesting;
    private int comparisons;
    private int deepest;
    private int deepestAt;

    public FilterParser(string text, SearchKind kind)
    {
        this.text = text.Length <= MaxLength
            ? text
            : throw new FilterSyntaxException(text, MaxLength, string.Create(CultureInfo.InvariantCulture, $"the end, because a filter has at most {MaxLength:N0} characters"), string.Create(CultureInfo.InvariantCulture, $"{text.Length:N0} characters"));
        FilterCharacters.Check(text);
        tokens = new(text);
        fields = new(tokens, kind);
    }

    /// <exception cref="FilterSyntaxException">The text is not in the language.</exception>
    public (EntityFilter? Filter, Order? Order) Parse()
    {
        var filter = tokens.Current.Kind == FilterTokenKind.End || tokens.Current.IsWord("order") ? null : Or();
        if (filter is not null)
        {
            CheckSize(filter);
        }

        var order = tokens.Current.IsWord("order") ? Order() : null;
        return tokens.Current.Kind == FilterTokenKind.End ? (filter, order) : throw tokens.Unexpected(order is null ? "AND, OR, ORDER BY or the end" : "the end, because one ordering is all there can be");
    }

    private EntityFilter Or()
    {
        var filter = And();
        while (tokens.TakeWord("or"))
        {
            filter |= And();
        }

        return filter;
    }

    private EntityFilter And()
    {
        var filter = Not();
        while (tokens.TakeWord("and"))
        {
            filter &= Not();
        }

        return filter;
    }

    private EntityFilter Not()
    {
        var start = tokens.Current.Start;
        if (tokens.TakeWord("not"))
        {
            Enter(start);
            var filter = !Not();
            nesting--;
            return filter;
        }

        if (tokens.TakeSymbol("("))
        {
            Enter(start);
            var filter = Or();
            if (!tokens.TakeSymbol(")"))
            {
                throw tokens.Unexpected(string.Create(CultureInfo.InvariantCulture, $"AND, OR or the ')' that belongs to column {start + 1}"));
            }

            nesting--;
            return filter;
        }

        return ++comparisons <= MaxComparisons ? Comparison() : throw tokens.Unexpected(string.Create(CultureInfo.InvariantCulture, $"the end, because a filter has at most {MaxComparisons} comparisons"));
    }

    private EntityFilter Comparison()
    {
        var field = fields.Read("NOT, '(' or a name");
        if (tokens.TakeWord("is"))
        {
            var exists = tokens.TakeWord("not");
            tokens.Expect("null", exists ? "NULL" : "NULL or NOT NULL");
            return exists ? FilterTerm.Is(field, FilterOperator.Exists) : !FilterTerm.Is(field, FilterOperator.Exists);
        }

        var not = tokens.TakeWord("not");
        if (tokens.TakeWord("in"))
        {
            return not ? FilterTerm.IsNot(field, FilterOperator.In, Values(field)) : FilterTerm.Is(field, FilterOperator.In, Values(field));
        }

        if (tokens.Current.IsWord("like") || tokens.Current.IsWord("ilike"))
        {
            var pattern = fields.Pattern(field);
            var by = pattern.IgnoreCase ? FilterOperator.LikeIgnoreCase : FilterOperator.Like;
            return not ? FilterTerm.IsNot(field, by, pattern.Text) : FilterTerm.Is(field, by, pattern.Text);
        }

        return not ? throw tokens.Unexpected("IN, LIKE or ILIKE") : Compare(field);
    }

    private EntityFilter Compare(SearchField field)
    {
        var sign = tokens.Current.Kind == FilterTokenKind.Symbol ? tokens.Current.Value : "";
        FilterOperator? by = sign switch
        {
            "=" or "==" or "!=" or "<>" => FilterOperator.Equal,
            "<" => FilterOperator.Less,
            "<=" => FilterOperator.LessOrEqual,
            ">" => FilterOperator.Greater,
            ">=" => FilterOperator.GreaterOrEqual,
            _ => null,
        };
        if (by is null)
        {
            throw tokens.Unexpected($"a comparison of {field.Name} by =, !=, <, <=, >, >=, LIKE, ILIKE, IN, NOT or IS");
        }

        tokens.Take();
        var value = fields.Value(field);
        return sign is "!=" or "<>" ? FilterTerm.IsNot(field, FilterOperator.Equal, value) : FilterTerm.Is(field, by.Value, value);
    }

    private List<AttributeValue> Values(SearchField field)
    {
        tokens.Expect("(", "'(' and a list of values");
        var values = new List<AttributeValue> { fields.Value(field) };
        while (tokens.TakeSymbol(","))
        {
            values.Add(fields.Value(field));
        }

        tokens.Expect(")", "',' or ')'");
        return values;
    }

    private Order Order()
    {
        tokens.Take();
        tokens.Expect("by", "BY");
        var start = tokens.Current;
        var field = fields.Read("a name to order by");
        if (!field.CanOrder)
        {
            throw new FilterSyntaxException(text, start.Start, "a name that has one value for each entity", field.Name);
        }

        var descending = tokens.TakeWord("desc");
        _ = descending || tokens.TakeWord("asc");
        return new(field.Attribute, descending);
    }

    private void Enter(int start)
    {
        if (++nesting > MaxNesting)
        {
            throw TooDeep(start);
        }

        if (nesting > deepest)
        {
            (deepest, deepestAt) = (nesting, start);
        }
    }

    private FilterSyntaxException TooDeep(int position) => new(text, position, "less nesting: write the filter with fewer parentheses inside each other", "a filter that is nested too deeply");

    /// <summary>What is written short may become much, because one comparison of data sets is one for each role that they have.</summary>
    private void CheckSize(EntityFilter filter)
    {
        var (depth, parts) = Size(filter);
        if (depth > MetadataLimits.MaxFilterDepth - Spare)
        {
            throw TooDeep(deepestAt);
        }

        if (parts > MetadataLimits.MaxFilterParts - Spare)
        {
            throw tokens.Unexpected("fewer comparisons: many values of one name are compared by IN");
        }
    }

    private static (int Depth, int Parts) Size(EntityFilter filter) => filter switch
    {
        EntityFilter.All f => Size(f.Of),
        EntityFilter.Any f => Size(f.Of),
        EntityFilter.Not f => Size([f.Of]),
        EntityFilter.Linked f => Size([f.Of]),
        _ => (1, 1),
    };

    private static (int Depth, int Parts) Size(IReadOnlyList<EntityFilter> of)
    {
        var sizes = of.Select(Size).ToList();
        return (1 + sizes.Select(size => size.Depth).DefaultIfEmpty().Max(), Math.Max(1, sizes.Sum(size => size.Parts)));
    }
}
