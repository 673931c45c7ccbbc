using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Evaluation;

/// <summary>Checks and hashes columns of numbers.</summary>
internal static class Numbers
{
    public static double[] Copy(IReadOnlyList<double> values, string name)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        return [.. values];
    }

    public static void RequireLength(int actual, int expected, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} has {actual} rows but there are {expected} labels: score the same rows in the same order."), name);
        }
    }

    public static void RequireFinite(ReadOnlySpan<double> values, string name)
    {
        if (NotFinite(values) is { } reason)
        {
            throw new ArgumentException($"{name}: {reason}. Leave such rows out before they are scored.", name);
        }
    }

    /// <summary>Says where the first value is that is not finite, or null.</summary>
    public static string? NotFinite(ReadOnlySpan<double> values)
    {
        var (first, count) = (-1, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                first = first < 0 ? i : first;
                count++;
            }
        }

        return first < 0 ? null : string.Create(CultureInfo.InvariantCulture, $"row {first} is {values[first]}, {count} of {values.Length} rows are not finite");
    }

    public static Digest Hash(ReadOnlySpan<double> values) => Hash(values, static value => BitConverter.DoubleToInt64Bits(value));

    public static Digest Hash(ReadOnlySpan<int> values) => Hash(values, static value => value);

    private static Digest Hash<T>(ReadOnlySpan<T> values, Func<T, long> bits)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[1024];
        while (!values.IsEmpty)
        {
            var length = Math.Min(values.Length, buffer.Length / sizeof(long));
            for (var i = 0; i < length; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(buffer[(i * sizeof(long))..], bits(values[i]));
            }

            hash.AppendData(buffer[..(length * sizeof(long))]);
            values = values[length..];
        }

        return Digest.FromHash(hash.GetHashAndReset());
    }
}
