using System.Globalization;

namespace Mlops.Sdk.Data;

/// <summary>The one text form of each value in a contract: equal values have equal text.</summary>
public static class ContractLiteral
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff";
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>Writes a value of <paramref name="type"/>; text is taken as the value of a text column and is read and normalized for the others.</summary>
    /// <exception cref="ArgumentException">The value does not fit the type.</exception>
    public static string Format(ColumnType type, object value)
    {
        try
        {
            return (type, value) switch
            {
                (ColumnType.Text, string text) => WellFormed(text),
                (_, string text) => Write(type, Parse(type, text)),
                (ColumnType.Boolean, bool) => Write(type, value),
                (ColumnType.Whole16 or ColumnType.Whole32 or ColumnType.Whole64, sbyte or byte or short or ushort or int or uint or long) => Write(type, Fitting(type, Convert.ToInt64(value, CultureInfo.InvariantCulture))),
                (ColumnType.Number, sbyte or byte or short or ushort or int or uint or long or float or double) => Write(type, Finite(Convert.ToDouble(value, CultureInfo.InvariantCulture))),
                (ColumnType.Timestamp, DateTime time) => Write(type, Microseconds(time)),
                (ColumnType.Timestamp, DateTimeOffset time) => Write(type, Microseconds(time.UtcDateTime)),
                (ColumnType.Date, DateOnly day) => Write(type, Days(day)),
                _ => throw new FormatException(),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new ArgumentException($"'{string.Create(CultureInfo.InvariantCulture, $"{value}")}' ({value?.GetType().Name ?? "null"}) is not a value of a {type} column.", e);
        }
    }

    /// <summary>Reads a literal: <see cref="bool"/>, <see cref="long"/> (integers, microseconds or days since 1970-01-01), <see cref="double"/> or <see cref="string"/>.</summary>
    /// <exception cref="FormatException">The text is not a value of the type.</exception>
    public static object Parse(ColumnType type, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return type switch
        {
            ColumnType.Boolean => text switch { "true" => true, "false" => false, _ => throw new FormatException($"'{text}' is neither true nor false.") },
            ColumnType.Number => Finite(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
            ColumnType.Text => WellFormed(text),
            ColumnType.Timestamp => Microseconds(DateTime.ParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFF", DateFormat], CultureInfo.InvariantCulture, DateTimeStyles.None)),
            ColumnType.Date => Days(DateOnly.ParseExact(text, DateFormat, CultureInfo.InvariantCulture)),
            _ => Fitting(type, long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>Microseconds since 1970-01-01 of the clock reading, whatever its kind; smaller digits are cut off towards the past.</summary>
    public static long Microseconds(DateTime time) => (time.Ticks / TimeSpan.TicksPerMicrosecond) - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Days since 1970-01-01.</summary>
    public static long Days(DateOnly day) => day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private static string Write(ColumnType type, object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => (number == 0 ? 0.0 : number).ToString("R", CultureInfo.InvariantCulture),
        long time when type == ColumnType.Timestamp => DateTime.UnixEpoch.AddTicks(time * TimeSpan.TicksPerMicrosecond).ToString(TimestampFormat, CultureInfo.InvariantCulture),
        long day when type == ColumnType.Date => DateTime.UnixEpoch.AddDays(day).ToString(DateFormat, CultureInfo.InvariantCulture),
        long integer => integer.ToString(CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private static long Fitting(ColumnType type, long value) => type switch
    {
        ColumnType.Whole16 => checked((short)value),
        ColumnType.Whole32 => checked((int)value),
        _ => value,
    };

    private static double Finite(double value) => double.IsFinite(value) ? value : throw new FormatException("NaN and the infinities are not compared; say [NonFinite] instead.");

    private static string WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                throw new FormatException("The text has half of a surrogate pair.");
            }
        }

        return text;
    }
}
