namespace Mlops.Sdk.Metadata;

/// <summary>Filters and orders the entities of one state.</summary>
internal sealed class InMemoryQuery(InMemoryState state)
{
    private const byte Numbers = 0, NotANumber = 1, Texts = 2, Absent = 3;

    public IEnumerable<InMemoryEntity> Select(string workspace, string kind, EntityFilter? filter) =>
        state.Entities.Values.Where(e => e.Id.Workspace == workspace && e.Id.Kind == kind && (filter is null || Matches(e, filter)));

    /// <summary>Where an entity stands in an order; null is the order of creation, newest first.</summary>
    public static PageToken Place(InMemoryEntity entity, Order? order) => Attribute(entity, order?.Attribute ?? "@created") switch
    {
        _ when order?.Attribute is null or "@created" => new(Numbers, entity.Sequence, null, entity.Sequence),
        null => new(Absent, 0, null, entity.Sequence),
        { Text: { } text } => new(Texts, 0, text, entity.Sequence),
        { Number: double.NaN } => new(NotANumber, 0, null, entity.Sequence),
        { } value => new(Numbers, value.Number!.Value, null, entity.Sequence),
    };

    public static int Compare(PageToken left, PageToken right, bool descending)
    {
        if (left.Section != right.Section)
        {
            return left.Section.CompareTo(right.Section);
        }

        var order = left.Section == Texts ? AttributeOrder.CompareText(left.Text!, right.Text!) : AttributeOrder.CompareNumber(left.Number, right.Number);
        return order == 0 ? right.Sequence.CompareTo(left.Sequence) : descending ? -order : order;
    }

    private bool Matches(InMemoryEntity entity, EntityFilter filter) => filter switch
    {
        EntityFilter.All f => f.Of.All(inner => Matches(entity, inner)),
        EntityFilter.Any f => f.Of.Any(inner => Matches(entity, inner)),
        EntityFilter.Not f => !Matches(entity, f.Of),
        EntityFilter.Present f => Attribute(entity, f.Attribute) is not null,
        EntityFilter.Compare f => Attribute(entity, f.Attribute) is { } actual && Compare(actual, f),
        EntityFilter.Linked { Direction: LinkDirection.Out } f => entity.Out.Any(link => link.Relation == f.Relation && Matches(state.Entities[link.To], f.Of)),
        EntityFilter.Linked f => entity.In.Any(link => link.Relation == f.Relation && Matches(state.Entities[link.From], f.Of)),
        _ => throw new ArgumentException($"{filter} is not a filter."),
    };

    private static bool Compare(AttributeValue actual, EntityFilter.Compare filter) => filter.Operator switch
    {
        Comparison.In => filter.Values.Contains(actual),
        Comparison.Like => actual.Text is { } text && filter.Values[0].Text is { } pattern && TextPattern.Matches(text, pattern, ignoreCase: false),
        Comparison.LikeIgnoreCase => actual.Text is { } text && filter.Values[0].Text is { } pattern && TextPattern.Matches(text, pattern, ignoreCase: true),
        _ => actual.IsNumber == filter.Values[0].IsNumber && Compare(actual, filter.Operator, filter.Values[0]),
    };

    private static bool Compare(AttributeValue actual, Comparison comparison, AttributeValue expected)
    {
        // Record equality of double is what the contract asks for: NaN equals NaN, -0 equals 0. The operators < and > are false for NaN.
        var equal = actual == expected;
        var less = actual.Text is { } a ? AttributeOrder.CompareText(a, expected.Text!) < 0 : actual.Number < expected.Number;
        var greater = actual.Text is { } b ? AttributeOrder.CompareText(b, expected.Text!) > 0 : actual.Number > expected.Number;
        return comparison switch
        {
            Comparison.Equal => equal,
            Comparison.NotEqual => !equal,
            Comparison.Less => less,
            Comparison.LessOrEqual => less || equal,
            Comparison.Greater => greater,
            Comparison.GreaterOrEqual => greater || equal,
            _ => throw new ArgumentException($"{comparison} is not a comparison."),
        };
    }

    private static AttributeValue? Attribute(InMemoryEntity entity, string name) => name switch
    {
        "@key" => entity.Id.Key,
        "@created" => Milliseconds(entity.Created),
        "@modified" => Milliseconds(entity.Modified),
        _ => entity.Attributes.TryGetValue(name, out var value) ? value : default(AttributeValue?),
    };

    private static double Milliseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / 1000.0;
}
