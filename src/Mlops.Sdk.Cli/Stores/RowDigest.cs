using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>
/// A digest of rows that does not depend on their order: the sums of the parts of each row's SHA-256. It tells accidents, not attacks.
/// Numbers count by their bits, but NaN is one value, and in points, where databases take 0 and -0 for the same, these are too.
/// </summary>
internal sealed class RowDigest
{
    private readonly ulong[] sums = new ulong[4];
    private readonly ArrayBufferWriter<byte> buffer = new();

    public long Rows { get; private set; }

    public string Hex => Convert.ToHexStringLower(MemoryMarshal.AsBytes(sums.AsSpan()));

    public void Add(object?[] row, bool isPoint)
    {
        buffer.ResetWrittenCount();
        Span<byte> eight = stackalloc byte[8];
        foreach (var cell in row)
        {
            switch (cell)
            {
                case null:
                    buffer.Write((ReadOnlySpan<byte>)[0]);
                    break;
                case int or long:
                    BinaryPrimitives.WriteInt64LittleEndian(eight, cell is int small ? small : (long)cell);
                    Write(1, eight);
                    break;
                case double number:
                    BinaryPrimitives.WriteInt64LittleEndian(eight, BitConverter.DoubleToInt64Bits(double.IsNaN(number) ? double.NaN : isPoint ? number + 0.0 : number));
                    Write(2, eight);
                    break;
                case string text:
                    Sized(3, Encoding.UTF8.GetBytes(text));
                    break;
                default:
                    Sized(4, (byte[])cell);
                    break;
            }
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(buffer.WrittenSpan, hash);
        for (var i = 0; i < sums.Length; i++)
        {
            unchecked
            {
                sums[i] += BinaryPrimitives.ReadUInt64LittleEndian(hash[(i * 8)..]);
            }
        }

        Rows++;

        void Sized(byte type, byte[] bytes)
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
            Write(type, length);
            buffer.Write(bytes);
        }

        void Write(byte type, ReadOnlySpan<byte> bytes)
        {
            buffer.Write((ReadOnlySpan<byte>)[type]);
            buffer.Write(bytes);
        }
    }
}
