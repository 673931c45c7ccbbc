namespace Mlops.Sdk.Data;

/// <summary>The type of a column, as the contract sees it.</summary>
public enum ColumnType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An integer of 16 bits.</summary>
    Whole16,

    /// <summary>An integer of 32 bits.</summary>
    Whole32,

    /// <summary>An integer of 64 bits.</summary>
    Whole64,

    /// <summary>A floating-point number; <see cref="float"/> is widened.</summary>
    Number,

    /// <summary>Unicode text, compared ordinally.</summary>
    Text,

    /// <summary>A point in time with microseconds, years 1 to 9999. Without a zone, or in UTC when the record says <see cref="DateTimeOffset"/>.</summary>
    Timestamp,

    /// <summary>A calendar day, years 1 to 9999.</summary>
    Date,
}

/// <summary>What NaN and the infinities mean. Either way they are never compared: range, domain and cross-column rules skip them.</summary>
public enum NonFinitePolicy
{
    /// <summary>They break <c>column.finite</c>.</summary>
    Reject,

    /// <summary>They are values like others.</summary>
    Allow,
}
