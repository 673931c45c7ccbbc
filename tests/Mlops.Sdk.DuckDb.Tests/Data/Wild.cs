using Mlops.Sdk.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

/// <summary>A row with every type of column, all of which may be null.</summary>
[Contract("wild")]
public sealed record Wild
{
    [Column("flag")] public bool? Flag { get; init; }

    [Column("small")] public short? Small { get; init; }

    [Column("whole")] public int? Whole { get; init; }

    [Column("big \"' --")] public long? Big { get; init; }

    [Column("number")] public double? Number { get; init; }

    [Column("other")] public double? Other { get; init; }

    [Column("text")] public string? Text { get; init; }

    [Column("code")] public string? Code { get; init; }

    [Column("time")] public DateTime? Time { get; init; }

    [Column("day")] public DateOnly? Day { get; init; }
}
