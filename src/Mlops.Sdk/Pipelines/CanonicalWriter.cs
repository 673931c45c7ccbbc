using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Mlops.Sdk.Pipelines;

/// <summary>Writes the primitives of the canonical encoding: fixed-width little-endian numbers, and texts and bytes behind their length.</summary>
internal sealed class CanonicalWriter
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly ArrayBufferWriter<byte> buffer = new(256);

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Tag(CanonicalTag tag) => Byte((byte)tag);

    public void Byte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    public void UInt128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(buffer.GetSpan(16), value);
        buffer.Advance(16);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        buffer.Write(value);
    }

    /// <summary>Bytes whose length the tag before them says.</summary>
    public void Raw(ReadOnlySpan<byte> value) => buffer.Write(value);

    public void Text(string value)
    {
        var length = Strict.GetByteCount(value);
        Int32(length);
        Strict.GetBytes(value, buffer.GetSpan(length));
        buffer.Advance(length);
    }

    /// <summary>A text as a value: UTF-8, or UTF-16 under a tag of its own when it holds half a surrogate pair, which UTF-8 cannot tell apart.</summary>
    public void TextValue(string value)
    {
        var start = value.AsSpan();
        foreach (var c in start)
        {
            if (char.IsSurrogate(c) && !WellFormed(start))
            {
                Tag(CanonicalTag.TextUtf16);
                Int32(value.Length);
                foreach (var unit in start)
                {
                    Byte((byte)unit);
                    Byte((byte)(unit >> 8));
                }

                return;
            }
        }

        Tag(CanonicalTag.Text);
        Text(value);
    }

    private static bool WellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var used) != OperationStatus.Done)
            {
                return false;
            }

            text = text[used..];
        }

        return true;
    }
}

/// <summary>The tags of format version 1. Values never change; new ones are appended.</summary>
internal enum CanonicalTag : byte
{
    Null = 0,
    False = 1,
    True = 2,
    SByte = 3,
    Byte = 4,
    Int16 = 5,
    UInt16 = 6,
    Int32 = 7,
    UInt32 = 8,
    Int64 = 9,
    UInt64 = 10,
    Int128 = 11,
    UInt128 = 12,
    BigInteger = 13,
    Half = 14,
    Single = 15,
    Double = 16,
    Decimal = 17,
    Char = 18,
    Text = 19,
    TextUtf16 = 20,
    DateTime = 21,
    DateTimeOffset = 22,
    DateOnly = 23,
    TimeOnly = 24,
    TimeSpan = 25,
    Guid = 26,
    Uri = 27,
    Version = 28,
    Bytes = 29,
    Digest = 30,
    Enum = 31,
    List = 32,
    Set = 33,
    Dictionary = 34,
    Tuple = 35,
    Object = 36,
    Derived = 37,
    Json = 38,
}
