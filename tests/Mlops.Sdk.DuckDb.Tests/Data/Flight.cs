using Mlops.Sdk.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

[Contract("flights")]
public sealed record Flight
{
    [Column("date")] public DateTime Date { get; init; }

    [Column("delay"), Required, Range(-120, 2000)] public int? Delay { get; init; }

    [Column("distance"), Range("1", null)] public int Distance { get; init; }

    [Column("origin"), Length(3, 3), Pattern("[A-Z]{3}")] public required string Origin { get; init; }

    [Column("destination"), Length(3, 3), Pattern("[A-Z]{3}")] public required string Destination { get; init; }

    public static DataContract<Flight> Contract { get; } = DataContract.For<Flight>(c => c.Require("origin differs from destination", f => f.Origin != f.Destination));
}
