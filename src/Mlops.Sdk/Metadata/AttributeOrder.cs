namespace Mlops.Sdk.Metadata;

/// <summary>The order of attribute values that every store follows: numbers, NaN, texts, absent; text by UTF-8 bytes. For those who implement a store.</summary>
public static class AttributeOrder
{
    /// <summary>Compares two texts by code point, which is the order of their UTF-8 bytes. <see cref="string.CompareOrdinal(string, string)"/> differs for characters beyond the basic plane.</summary>
    public static int CompareText(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            char a = left[i], b = right[i];
            if (a != b)
            {
                // Where the first difference is between a surrogate and another character, the surrogate belongs to the greater code point.
                return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    /// <summary>Compares two numbers; -0 equals 0, and NaN equals itself and is greater than every other number.</summary>
    public static int CompareNumber(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right) ? double.IsNaN(left).CompareTo(double.IsNaN(right)) : left.CompareTo(right);

    /// <summary>Compares two points by (step, timestamp, value), NaN being the greatest value.</summary>
    public static int ComparePoint(MetricPoint left, MetricPoint right)
    {
        var order = left.Step.CompareTo(right.Step);
        order = order != 0 ? order : left.Timestamp.CompareTo(right.Timestamp);
        return order != 0 ? order : CompareNumber(left.Value, right.Value);
    }
}
