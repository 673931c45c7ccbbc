namespace Mlops.Sdk.Metadata.Relational;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">Whether it may be null.</param>
/// <param name="Length">The most characters of a <see cref="SqlColumnType.Key"/> and bytes of a <see cref="SqlColumnType.BinaryKey"/>; 0 for the other types.</param>
public sealed record SqlColumn(string Name, SqlColumnType Type, bool Nullable = false, int Length = 0);

/// <summary>The types that the store needs; how values of each arrive as parameters.</summary>
public enum SqlColumnType
{
    /// <summary>A 64-bit integer (<see cref="long"/>).</summary>
    Big,

    /// <summary>A 32-bit integer (<see cref="int"/>).</summary>
    Small,

    /// <summary>A double with every value, or what <see cref="ISqlDialect.Encode"/> makes of it.</summary>
    Number,

    /// <summary>A text of at most <see cref="SqlColumn.Length"/> characters (400 or fewer) that is part of keys (<see cref="string"/>).</summary>
    Key,

    /// <summary>A text of up to 16 KB (<see cref="string"/>).</summary>
    Text,

    /// <summary>Up to 16 MB (<c>byte[]</c>).</summary>
    Bytes,

    /// <summary><see cref="SqlColumn.Length"/> bytes that are a key (<c>byte[]</c>).</summary>
    BinaryKey,
}
