using Mlops.Sdk.Data;

namespace Mlops.Sdk.Benchmarks.Data;

/// <summary>Fourteen rules: five of presence, three of range, two of length, two patterns, two over several columns.</summary>
[Contract("flights")]
internal sealed record CheckedFlight
{
    [Column("date"), Range("2001-01-01", "2001-07-01")] public DateTime Date { get; init; }

    [Column("delay"), Range(-120, 2000)] public long Delay { get; init; }

    [Column("distance"), Range(1, 6000)] public long Distance { get; init; }

    [Column("origin"), Length(3, 3), Pattern("[A-Z]{3}")] public required string Origin { get; init; }

    [Column("destination"), Length(3, 3), Pattern("[A-Z]{3}")] public required string Destination { get; init; }

    public static DataContract<CheckedFlight> Contract { get; } = DataContract.For<CheckedFlight>(c => c
        .Require("origin differs from destination", f => f.Origin != f.Destination)
        .Require("delay is small against distance", f => f.Delay + f.Distance > -2000));

    public static CheckedFlight Valid { get; } = new() { Date = new(2001, 3, 1), Delay = 5, Distance = 100, Origin = "ORD", Destination = "LAX" };
}
