using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Pipelines;

/// <summary>The canonical encoding of the types that hold one value. What the type can tell apart stays apart: -0 and 0, 1.0m and 1.00m, two offsets of one instant; only the many forms of NaN are one.</summary>
internal static class CanonicalScalars
{
    private static readonly FrozenDictionary<Type, Action<CanonicalWriter, object>> Writers = new Dictionary<Type, Action<CanonicalWriter, object>>
    {
        [typeof(bool)] = (w, v) => w.Tag((bool)v ? CanonicalTag.True : CanonicalTag.False),
        [typeof(sbyte)] = (w, v) => Number(w, CanonicalTag.SByte, (sbyte)v),
        [typeof(byte)] = (w, v) => Number(w, CanonicalTag.Byte, (byte)v),
        [typeof(short)] = (w, v) => Number(w, CanonicalTag.Int16, (short)v),
        [typeof(ushort)] = (w, v) => Number(w, CanonicalTag.UInt16, (ushort)v),
        [typeof(int)] = (w, v) => Number(w, CanonicalTag.Int32, (int)v),
        [typeof(uint)] = (w, v) => Number(w, CanonicalTag.UInt32, (uint)v),
        [typeof(long)] = (w, v) => Number(w, CanonicalTag.Int64, (long)v),
        [typeof(ulong)] = (w, v) => Number(w, CanonicalTag.UInt64, unchecked((long)(ulong)v)),
        [typeof(Int128)] = (w, v) => Wide(w, CanonicalTag.Int128, unchecked((UInt128)(Int128)v)),
        [typeof(UInt128)] = (w, v) => Wide(w, CanonicalTag.UInt128, (UInt128)v),
        [typeof(BigInteger)] = (w, v) => Bytes(w, CanonicalTag.BigInteger, ((BigInteger)v).ToByteArray()),
        [typeof(Half)] = (w, v) => Number(w, CanonicalTag.Half, Half.IsNaN((Half)v) ? 0x7E00 : BitConverter.HalfToUInt16Bits((Half)v)),
        [typeof(float)] = (w, v) => Number(w, CanonicalTag.Single, float.IsNaN((float)v) ? 0x7FC00000 : BitConverter.SingleToUInt32Bits((float)v)),
        [typeof(double)] = (w, v) => Number(w, CanonicalTag.Double, double.IsNaN((double)v) ? 0x7FF8000000000000 : BitConverter.DoubleToInt64Bits((double)v)),
        [typeof(decimal)] = (w, v) => Decimal(w, (decimal)v),
        [typeof(char)] = (w, v) => Number(w, CanonicalTag.Char, (char)v),
        [typeof(string)] = (w, v) => w.TextValue((string)v),
        [typeof(DateTime)] = (w, v) => DateTime(w, (DateTime)v),
        [typeof(DateTimeOffset)] = (w, v) => DateTimeOffset(w, (DateTimeOffset)v),
        [typeof(DateOnly)] = (w, v) => Number(w, CanonicalTag.DateOnly, ((DateOnly)v).DayNumber),
        [typeof(TimeOnly)] = (w, v) => Number(w, CanonicalTag.TimeOnly, ((TimeOnly)v).Ticks),
        [typeof(TimeSpan)] = (w, v) => Number(w, CanonicalTag.TimeSpan, ((TimeSpan)v).Ticks),
        [typeof(Guid)] = (w, v) => Bytes(w, CanonicalTag.Guid, ((Guid)v).ToByteArray(bigEndian: true)),
        [typeof(Uri)] = (w, v) => Text(w, CanonicalTag.Uri, ((Uri)v).OriginalString),
        [typeof(Version)] = (w, v) => Text(w, CanonicalTag.Version, ((Version)v).ToString()),
        [typeof(byte[])] = (w, v) => Bytes(w, CanonicalTag.Bytes, (byte[])v),
        [typeof(ReadOnlyMemory<byte>)] = (w, v) => Bytes(w, CanonicalTag.Bytes, ((ReadOnlyMemory<byte>)v).Span),
        [typeof(Memory<byte>)] = (w, v) => Bytes(w, CanonicalTag.Bytes, ((Memory<byte>)v).Span),
        [typeof(Digest)] = (w, v) => Text(w, CanonicalTag.Digest, ((Digest)v).Hex),
        [typeof(ArtifactRef)] = (w, v) => Text(w, CanonicalTag.Digest, ((ArtifactRef)v).Digest.Hex),
    }.ToFrozenDictionary();

    public static Action<CanonicalWriter, object>? Find(Type type)
    {
        if (!type.IsEnum)
        {
            return Writers.GetValueOrDefault(type);
        }

        var underlying = Enum.GetUnderlyingType(type);
        var write = Writers[underlying];
        return (w, v) =>
        {
            w.Tag(CanonicalTag.Enum);
            write(w, Convert.ChangeType(v, underlying, CultureInfo.InvariantCulture));
        };
    }

    private static void Number(CanonicalWriter w, CanonicalTag tag, long value)
    {
        w.Tag(tag);
        w.Int64(value);
    }

    private static void Wide(CanonicalWriter w, CanonicalTag tag, UInt128 value)
    {
        w.Tag(tag);
        w.UInt128(value);
    }

    private static void Bytes(CanonicalWriter w, CanonicalTag tag, ReadOnlySpan<byte> value)
    {
        w.Tag(tag);
        w.Bytes(value);
    }

    private static void Text(CanonicalWriter w, CanonicalTag tag, string value)
    {
        w.Tag(tag);
        w.Text(value);
    }

    private static void Decimal(CanonicalWriter w, decimal value)
    {
        w.Tag(CanonicalTag.Decimal);
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (var part in parts)
        {
            w.Int32(part);
        }
    }

    /// <summary>A local time is an instant, so that the key does not depend on the time zone of the machine.</summary>
    private static void DateTime(CanonicalWriter w, DateTime value)
    {
        w.Tag(CanonicalTag.DateTime);
        w.Byte((byte)value.Kind);
        w.Int64((value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value).Ticks);
    }

    private static void DateTimeOffset(CanonicalWriter w, DateTimeOffset value)
    {
        w.Tag(CanonicalTag.DateTimeOffset);
        w.Int64(value.UtcTicks);
        w.Int32(value.TotalOffsetMinutes);
    }
}
