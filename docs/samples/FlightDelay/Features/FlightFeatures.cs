using Mlops.Sdk.Data;

namespace FlightDelay.Features;

/// <summary>What is known when a flight leaves. Shares are 0 to 1 and drawn towards the usual share of late flights while few flights are known; delays are minutes, at most three hours each.</summary>
[Contract("flight-features")]
public record FlightFeatures
{
    /// <summary>What a row must satisfy before a model sees it.</summary>
    public static DataContract<FlightFeatures> Contract { get; } = DataContract.For<FlightFeatures>();

    [Length(3, 3), Pattern("[A-Z]+")]
    public string Origin { get; init; } = "";

    [Length(3, 3), Pattern("[A-Z]+")]
    public string Destination { get; init; } = "";

    /// <summary>Miles.</summary>
    [Range(10.0, 5000.0)]
    public float Distance { get; init; }

    /// <summary>Hour of the actual departure.</summary>
    [Range(0.0, 23.0)]
    public float Hour { get; init; }

    /// <summary>0 is Sunday.</summary>
    [Range(0.0, 6.0)]
    public float DayOfWeek { get; init; }

    /// <summary>Flights from this airport that landed in the last hour.</summary>
    [Range(0.0, 1e6)]
    public float AirportFlights1h { get; init; }

    /// <summary>Share of them that was late.</summary>
    [Range(0.0, 1.0)]
    public float AirportLate1h { get; init; }

    /// <summary>Their mean delay.</summary>
    [Range(-120.0, 180.0)]
    public float AirportDelay1h { get; init; }

    /// <summary>Share late among flights from this airport that landed in the last three hours.</summary>
    [Range(0.0, 1.0)]
    public float AirportLate3h { get; init; }

    /// <summary>Share late among flights from this airport that landed in the last day.</summary>
    [Range(0.0, 1.0)]
    public float AirportLate24h { get; init; }

    /// <summary>Share late among flights on this route that landed in the last 28 days.</summary>
    [Range(0.0, 1.0)]
    public float RouteLate { get; init; }

    /// <summary>Mean delay of the last three flights on this route that landed.</summary>
    [Range(-120.0, 180.0)]
    public float RouteDelayLast3 { get; init; }

    /// <summary>How many flights on this route left at about this time of day in the last 28 days; one at the same minute counts 1, one a quarter of an hour away counts 0.</summary>
    [Range(0.0, 1e6)]
    public float SlotFlights { get; init; }

    /// <summary>Share of them that was late.</summary>
    [Range(0.0, 1.0)]
    public float SlotLate { get; init; }

    /// <summary>Their mean delay.</summary>
    [Range(-120.0, 180.0)]
    public float SlotDelay { get; init; }

    /// <summary>Flights on this route in the last 28 days that seem to be scheduled for about this minute of the day.</summary>
    [Range(0.0, 1e6)]
    public float ScheduledNow { get; init; }

    /// <summary>Flights that seem to be scheduled up to an hour earlier: when they outnumber <see cref="ScheduledNow"/>, this one has probably left late.</summary>
    [Range(0.0, 1e6)]
    public float ScheduledEarlier { get; init; }
}

/// <summary>A row to learn from or to be measured by.</summary>
public sealed record LabelledFlight : FlightFeatures
{
    /// <summary>The actual departure.</summary>
    public DateTime Date { get; init; }

    /// <summary>Whether it arrived 15 minutes late or more, which is what the US DOT counts as late.</summary>
    public bool Late { get; init; }
}
