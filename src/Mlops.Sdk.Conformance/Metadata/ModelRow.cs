namespace Mlops.Sdk.Metadata;

/// <summary>One entity of the <see cref="Model"/>.</summary>
internal sealed class ModelRow
{
    public required EntityId Id { get; init; }

    public required int Sequence { get; init; }

    public required EntityBody Body { get; set; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Modified { get; set; }

    public long Revision { get; set; } = 1;

    public Dictionary<string, AttributeValue> Attributes { get; private set; } = [];

    public List<MetricPoint> Points { get; private set; } = [];

    private Dictionary<string, MetricPoint> Latest { get; set; } = [];

    public ModelRow Copy()
    {
        var copy = (ModelRow)MemberwiseClone();
        (copy.Attributes, copy.Points, copy.Latest) = (new(Attributes), [.. Points], new(Latest));
        return copy;
    }

    public AttributeValue? Value(string name) => name switch
    {
        "@key" => Id.Key,
        "@created" => (Created - DateTimeOffset.UnixEpoch).TotalMicroseconds / 1000,
        "@modified" => (Modified - DateTimeOffset.UnixEpoch).TotalMicroseconds / 1000,
        _ => Attributes.TryGetValue(name, out var value) ? value : default(AttributeValue?),
    };

    public void Set(IReadOnlyDictionary<string, AttributeValue> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            Attributes[name] = value;
            Latest.Remove(name);
        }
    }

    public void Set(string name, AttributeValue? value, DateTimeOffset at)
    {
        Latest.Remove(name);
        Modified = at;
        if (value is null)
        {
            Attributes.Remove(name);
        }
        else
        {
            Attributes[name] = value.Value;
        }
    }

    public void Append(IReadOnlyList<MetricPoint> points)
    {
        foreach (var point in points)
        {
            Points.Add(point);
            if (!Latest.TryGetValue(point.Key, out var latest) || Rank(latest).CompareTo(Rank(point)) <= 0)
            {
                (Latest[point.Key], Attributes[point.Key]) = (point, point.Value);
            }
        }
    }

    public static (long Step, DateTimeOffset Timestamp, bool IsNaN, double Value) Rank(MetricPoint point) =>
        (point.Step, point.Timestamp, double.IsNaN(point.Value), point.Value);
}
