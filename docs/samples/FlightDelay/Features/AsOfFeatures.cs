using FlightDelay.Flights;

namespace FlightDelay.Features;

/// <summary>
/// Computes features in one pass over flights in order of departure. An earlier flight counts only from the moment it is known, <see cref="Flight.KnownAt"/>; until then it waits in a queue.
/// Only flights from the same airport are looked at, because departures are in local time.
/// </summary>
/// <param name="leak">True counts every flight from its departure on, as if its delay were known then: the classic mistake, to show what it is worth.</param>
public sealed class AsOfFeatures(bool leak = false)
{
    private readonly PriorityQueue<Flight, (DateTime KnownAt, long Number)> inTheAir = new();
    private readonly Dictionary<string, AirportHistory> airports = [];
    private readonly Dictionary<(string Origin, string Destination), RouteHistory> routes = [];
    private DateTime now = DateTime.MinValue;
    private long count;

    /// <summary>The features of the next flight.</summary>
    /// <exception cref="ArgumentException">The flight left before the one handed in last.</exception>
    public LabelledFlight Next(Flight flight)
    {
        if (flight.Date < now)
        {
            throw new ArgumentException("Flights come in order of departure.", nameof(flight));
        }

        now = flight.Date;
        while (inTheAir.TryPeek(out var known, out var when) && (leak ? when.KnownAt < now : when.KnownAt <= now))
        {
            inTheAir.Dequeue();
            var landed = new Landed(when.KnownAt, MinuteOfDay(known.Date), (int)Math.Min(known.Delay, Landed.LongestDelay), known.IsLate);
            Airport(known.Origin).Add(landed);
            Route(known.Origin, known.Destination).Add(landed);
        }

        inTheAir.Enqueue(flight, (leak ? flight.Date : flight.KnownAt, count++));
        var airport = Airport(flight.Origin).At(now);
        var route = Route(flight.Origin, flight.Destination).At(now, MinuteOfDay(now));
        return new()
        {
            Date = flight.Date,
            Late = flight.IsLate,
            Origin = flight.Origin,
            Destination = flight.Destination,
            Distance = flight.Distance,
            Hour = flight.Date.Hour,
            DayOfWeek = (int)flight.Date.DayOfWeek,
            AirportFlights1h = airport.LastHour.Count,
            AirportLate1h = airport.LastHour.ShareLate,
            AirportDelay1h = airport.LastHour.MeanDelay,
            AirportLate3h = airport.Last3Hours.ShareLate,
            AirportLate24h = airport.LastDay.ShareLate,
            RouteLate = route.All.ShareLate,
            RouteDelayLast3 = route.Last3.MeanDelay,
            SlotFlights = route.Slot.Count / (float)RouteHistory.SlotMinutes,
            SlotLate = route.Slot.ShareLate,
            SlotDelay = route.Slot.MeanDelay,
            ScheduledNow = route.ScheduledNow,
            ScheduledEarlier = route.ScheduledEarlier,
        };
    }

    private static int MinuteOfDay(DateTime time) => (time.Hour * 60) + time.Minute;

    private AirportHistory Airport(string origin) => airports.TryGetValue(origin, out var history) ? history : airports[origin] = new();

    private RouteHistory Route(string origin, string destination) => routes.TryGetValue((origin, destination), out var history) ? history : routes[(origin, destination)] = new();
}
