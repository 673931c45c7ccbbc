using System.Globalization;
using System.Text;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// Finds everything in bytes that may be a digest: 64 hexadecimal digits in a row. It does not matter who wrote them or in what format; taking too much for a digest only keeps some garbage.
/// A digest is kept as its first half, for the same reason.
/// </summary>
internal sealed class DigestScanner(Action<UInt128> found)
{
    private const int Digits = 64;
    private readonly byte[] run = new byte[Digits];
    private int length;

    public static UInt128 Half(Digest digest) => UInt128.Parse(digest.Hex.AsSpan(0, Digits / 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Takes the next piece; a digest may be cut between two.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f'))
            {
                if (length < Digits)
                {
                    run[length] = b;
                }

                if (++length == Digits)
                {
                    found(UInt128.Parse(run.AsSpan(0, Digits / 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                }
            }
            else
            {
                length = 0;
            }
        }
    }

    /// <summary>Takes a text by itself.</summary>
    public void Add(string text)
    {
        if (text.Length >= Digits)
        {
            End();
            Add(Encoding.UTF8.GetBytes(text));
            End();
        }
    }

    /// <summary>Nothing that follows belongs to what came before.</summary>
    public void End() => length = 0;
}
