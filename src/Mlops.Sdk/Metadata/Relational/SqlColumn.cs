namespace Mlops.Sdk.Metadata.Relational;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">Whether it may be null.</param>
public sealed record SqlColumn(string Name, SqlColumnType Type, bool Nullable = false);

/// <summary>The types that the store needs; how values of each arrive as parameters.</summary>
public enum SqlColumnType
{
    /// <summary>A 64-bit integer (<see cref="long"/>).</summary>
    Big,

    /// <summary>A 32-bit integer (<see cref="int"/>).</summary>
    Small,

    /// <summary>A double with every value, or what <see cref="ISqlDialect.Encode"/> makes of it.</summary>
    Number,

    /// <summary>A text of at most 400 characters that is part of keys (<see cref="string"/>).</summary>
    Key,

    /// <summary>A text of up to 16 KB (<see cref="string"/>).</summary>
    Text,

    /// <summary>Up to 16 MB (<c>byte[]</c>).</summary>
    Bytes,

    /// <summary>16 bytes that are a key (<c>byte[]</c>).</summary>
    BinaryKey,
}
