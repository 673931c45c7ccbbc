namespace FlightDelay.Flights;

/// <summary>A flight as the source has it.</summary>
public sealed record Flight
{
    /// <summary>The actual departure, local time.</summary>
    public DateTime Date { get; init; }

    /// <summary>The delay on <em>arrival</em> in minutes; negative when it was early. Unknown until the flight lands.</summary>
    public long Delay { get; init; }

    /// <summary>Miles.</summary>
    public long Distance { get; init; }

    public string Origin { get; init; } = "";

    public string Destination { get; init; } = "";

    /// <summary>Late as the US DOT counts it: 15 minutes or more.</summary>
    public bool IsLate => Delay >= 15;

    /// <summary>From when on the delay is known: 8 miles a minute, 40 minutes for taxiing and climbing, and the delay itself.</summary>
    public DateTime KnownAt => Date.AddMinutes((Distance / 8.0) + 40 + Math.Max(Delay, 0));
}
