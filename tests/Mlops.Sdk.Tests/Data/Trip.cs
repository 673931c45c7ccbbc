using Mlops.Sdk.Data;

namespace Mlops.Sdk.Tests.Data;

[Contract("trips")]
public sealed record Trip
{
    [Column("delay"), Required, Range(-120, 2000)] public int? Delay { get; init; }

    [Column("speed"), Range(0.0, 1.5)] public double? Speed { get; init; }

    [Column("origin"), Length(3, 3), Pattern("[A-Z]{3}")] public required string Origin { get; init; }

    [Column("target"), OneOf("LAX", "ORD", "")] public string? Target { get; init; }

    [Column("at"), Range("2001-01-01", "2001-07-01T00:00:00.000001")] public DateTime At { get; init; }

    public long? A { get; init; }

    public long? B { get; init; }

    [NonFinite(NonFinitePolicy.Allow)] public double X { get; init; }

    [NotInContract] public object? Extra { get; init; }

    public static Trip Good { get; } = new() { Delay = 5, Speed = 1, Origin = "ORD", Target = "LAX", At = new(2001, 3, 1) };
}
