using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// Where a page ended: the ordering value and the sequence number of its last row, under a checksum that also covers the query. For those who implement a store.
/// </summary>
/// <param name="Section">The part of the order: a store's own small number, for example 0 numbers, 1 NaN, 2 texts, 3 absent.</param>
/// <param name="Number">The ordering number, or 0.</param>
/// <param name="Text">The ordering text, or null.</param>
/// <param name="Sequence">The sequence number of the row, which breaks ties.</param>
public readonly record struct PageToken(byte Section, double Number, string? Text, long Sequence)
{
    private const int ChecksumBytes = 8;
    private const int FixedBytes = ChecksumBytes + 1 + 8 + 8 + 1;

    /// <summary>Writes the token for a query, described by any text that is the same for all of its pages and for no other query.</summary>
    public string Write(string query)
    {
        var text = Text is null ? [] : Encoding.UTF8.GetBytes(Text);
        var bytes = new byte[FixedBytes + text.Length];
        bytes[8] = Section;
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(9), Number);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(17), Sequence);
        bytes[25] = Text is null ? (byte)0 : (byte)1;
        text.CopyTo(bytes, FixedBytes);
        Checksum(query, bytes.AsSpan(ChecksumBytes)).CopyTo(bytes, 0);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads the token of a query; null when there is none.</summary>
    /// <exception cref="ArgumentException">It is not a token of this query, or was changed.</exception>
    public static PageToken? Read(string? token, string query)
    {
        if (token is null)
        {
            return null;
        }

        // Written again, because several texts are read as the same bytes.
        var bytes = Base64Url.IsValid(token) ? Base64Url.DecodeFromChars(token) : [];
        if (bytes.Length < FixedBytes || !bytes.AsSpan(0, ChecksumBytes).SequenceEqual(Checksum(query, bytes.AsSpan(ChecksumBytes))) || Base64Url.EncodeToString(bytes) != token)
        {
            throw new ArgumentException("The page token was changed, or belongs to another query. Pass on Page.Next as it is, and keep workspace, kind, filter, order and direction the same from page to page.");
        }

        return new(
            bytes[8],
            BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(9)),
            bytes[25] == 0 ? null : Encoding.UTF8.GetString(bytes, FixedBytes, bytes.Length - FixedBytes),
            BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(17)));
    }

    /// <summary>Describes what makes an entity query that query, for <see cref="Write"/> and <see cref="Read"/>.</summary>
    public static string Describe(EntityQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = new StringBuilder();
        Part(text, query.Workspace);
        Part(text, query.Kind);
        foreach (var order in query.Order)
        {
            Part(text, order.Descending ? "desc" : "asc");
            Part(text, order.Attribute);
        }

        if (query.Filter is not null)
        {
            Filter(text, query.Filter);
        }

        return text.ToString();
    }

    /// <summary>Describes what makes a link query that query, for <see cref="Write"/> and <see cref="Read"/>.</summary>
    public static string Describe(LinkQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = new StringBuilder();
        Part(text, query.Direction == LinkDirection.Out ? "out" : "in");
        Part(text, query.Relation ?? "");
        foreach (var id in query.Ids)
        {
            Part(text, id.Workspace);
            Part(text, id.Kind);
            Part(text, id.Key);
        }

        return text.ToString();
    }

    private static void Filter(StringBuilder text, EntityFilter filter)
    {
        text.Append('(').Append(filter.GetType().Name).Append(' ');
        switch (filter)
        {
            case EntityFilter.All f:
                foreach (var inner in f.Of)
                {
                    Filter(text, inner);
                }

                break;
            case EntityFilter.Any f:
                foreach (var inner in f.Of)
                {
                    Filter(text, inner);
                }

                break;
            case EntityFilter.Not f:
                Filter(text, f.Of);
                break;
            case EntityFilter.Present f:
                Part(text, f.Attribute);
                break;
            case EntityFilter.Compare f:
                Part(text, f.Attribute);
                text.Append((int)f.Operator);
                foreach (var value in f.Values)
                {
                    text.Append(value.IsNumber ? 'n' : 't');
                    Part(text, value.ToString());
                }

                break;
            case EntityFilter.Linked f:
                Part(text, f.Relation);
                text.Append((int)f.Direction);
                Filter(text, f.Of);
                break;
        }

        text.Append(')');
    }

    private static void Part(StringBuilder text, string part) => text.Append(part.Length).Append(':').Append(part);

    private static byte[] Checksum(string query, ReadOnlySpan<byte> place)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(query));
        hash.AppendData(place);
        return hash.GetHashAndReset()[..ChecksumBytes];
    }
}
