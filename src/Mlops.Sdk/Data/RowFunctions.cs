using System.Collections.Frozen;

namespace Mlops.Sdk.Data;

/// <summary>What compiled rules call. Arithmetic never throws: null is "cannot be computed".</summary>
internal static class RowFunctions
{
    public static bool IsIn(string value, FrozenSet<string> set) => set.Contains(value);

    public static bool IsIn(long value, FrozenSet<long> set) => set.Contains(value);

    public static bool IsIn(double value, FrozenSet<double> set) => set.Contains(value);

    public static bool Matches(string value, ContractPattern pattern) => pattern.IsMatch(value);

    public static bool HasLength(string value, int minimum, int maximum)
    {
        var length = Length(value);
        return length >= minimum && length <= maximum;
    }

    public static long Length(string value)
    {
        var length = value.Length;
        for (var i = 1; i < value.Length; i++)
        {
            if (char.IsSurrogatePair(value[i - 1], value[i]))
            {
                length--;
                i++;
            }
        }

        return length;
    }

    public static long Microseconds(DateTimeOffset time) => ContractLiteral.Microseconds(time.UtcDateTime);

    public static long? Add(long? a, long? b) => Fit((Int128?)a + b);

    public static long? Subtract(long? a, long? b) => Fit((Int128?)a - b);

    public static long? Multiply(long? a, long? b) => Fit((Int128?)a * b);

    public static long? Divide(long? a, long? b) => b == 0 ? null : Fit((Int128?)a / b);

    public static long? Modulo(long? a, long? b) => b == 0 ? null : Fit((Int128?)a % b);

    public static long? Negate(long? a) => Fit(-(Int128?)a);

    public static long? Abs(long? a) => a < 0 ? Negate(a) : a;

    public static long? Min(long? a, long? b) => a <= b ? a : a > b ? b : null;

    public static long? Max(long? a, long? b) => a >= b ? a : a < b ? b : null;

    public static double? Add(double? a, double? b) => a + b;

    public static double? Subtract(double? a, double? b) => a - b;

    public static double? Multiply(double? a, double? b) => a * b;

    // The sign of a zero must not matter: -0 equals 0, and Parquet does not keep it.
    public static double? Divide(double? a, double? b) => b == 0 ? null : a / b;

    public static double? Modulo(double? a, double? b) => a % b;

    public static double? Negate(double? a) => -a;

    public static double? Abs(double? a) => a is { } value ? Math.Abs(value) : null;

    // NaN is the greatest number here, as in DuckDB; it only matters between here and the next comparison, which refuses it.
    public static double? Min(double? a, double? b) => a is null || b is null ? null : double.IsNaN(a.Value) || b < a ? b : a;

    public static double? Max(double? a, double? b) => a is null || b is null ? null : double.IsNaN(b.Value) || b > a ? b : a;

    public static double? Floor(double? a) => a is { } value ? Math.Floor(value) : null;

    public static double? Ceiling(double? a) => a is { } value ? Math.Ceiling(value) : null;

    public static double? Truncate(double? a) => a is { } value ? Math.Truncate(value) : null;

    public static double? Round(double? a) => a is { } value ? Math.Round(value, MidpointRounding.ToEven) : null;

    /// <summary>Numbers are computed as IEEE 754 says; a comparison with NaN or an infinity cannot be computed.</summary>
    public static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static long? Fit(Int128? value) => value >= long.MinValue && value <= long.MaxValue ? (long)value : null;
}
