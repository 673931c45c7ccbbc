using FlightDelay.Features;
using FlightDelay.Flights;

namespace FlightDelay.Tests.Features;

/// <summary>The definition of every feature, read off all other flights for each flight anew: slow, and shares no code with the stream.</summary>
internal static class FeatureOracle
{
    public static LabelledFlight Of(IReadOnlyList<Flight> flights, int index)
    {
        var flight = flights[index];
        var now = flight.Date;
        var landed = flights
            .Select((other, number) => (other, number, at: LandsAt(other)))
            .Where(x => x.at <= now && x.other.Origin == flight.Origin)
            .OrderBy(x => x.at).ThenBy(x => x.number)
            .ToList();
        List<Flight> Since(TimeSpan span) => landed.Where(x => x.at > now - span).Select(x => x.other).ToList();
        var hour = Since(TimeSpan.FromMinutes(60));
        var route = landed.Where(x => x.at > now - TimeSpan.FromDays(28) && x.other.Destination == flight.Destination).Select(x => x.other).ToList();
        var weights = route.Select(r => Math.Max(0.0, 15 - Math.Abs(Clock(r.Date, 0, now)))).ToList();
        var last3 = route.TakeLast(3).ToList();
        var behind = route.Select(r => Clock(r.Date, Capped(r) > 0 ? (int)Capped(r) : 0, now)).ToList();
        return new LabelledFlight
        {
            Date = now,
            Late = flight.Delay > 14,
            Origin = flight.Origin,
            Destination = flight.Destination,
            Distance = flight.Distance,
            Hour = now.Hour,
            DayOfWeek = (float)now.DayOfWeek,
            AirportFlights1h = hour.Count,
            AirportLate1h = Share(hour, 5),
            AirportDelay1h = (float)(hour.Sum(Capped) / (hour.Count + 5.0)),
            AirportLate3h = Share(Since(TimeSpan.FromMinutes(180)), 5),
            AirportLate24h = Share(Since(TimeSpan.FromMinutes(1440)), 10),
            RouteLate = Share(route, 10),
            RouteDelayLast3 = (float)(last3.Sum(Capped) / (last3.Count + 1.0)),
            SlotFlights = (float)(weights.Sum() / 15),
            SlotLate = (float)((route.Zip(weights, (r, w) => r.Delay > 14 ? w : 0).Sum() + (0.22 * 30)) / (weights.Sum() + 30)),
            SlotDelay = (float)(route.Zip(weights, (r, w) => Capped(r) * w).Sum() / (weights.Sum() + 30)),
            ScheduledNow = behind.Count(b => b is >= -5 and <= 8),
            ScheduledEarlier = behind.Count(b => b is > 8 and <= 60),
        };
    }

    public static DateTime LandsAt(Flight flight) => flight.Date + TimeSpan.FromSeconds(flight.Distance * 7.5) + TimeSpan.FromMinutes(40 + (flight.Delay > 0 ? flight.Delay : 0));

    private static float Share(List<Flight> flights, int prior) => (float)((flights.Count(f => f.Delay > 14) + (0.22 * prior)) / (flights.Count + prior));

    private static double Capped(Flight flight) => flight.Delay > 180 ? 180 : flight.Delay;

    /// <summary>Minutes of the clock from one departure, moved back, to another; of the ways round the clock the shortest.</summary>
    private static int Clock(DateTime from, int back, DateTime to)
    {
        var difference = (to.Hour * 60) + to.Minute - ((from.Hour * 60) + from.Minute - back);
        return Enumerable.Range(-3, 7).Select(turns => difference + (turns * 1440)).OrderBy(Math.Abs).ThenBy(d => d).First();
    }
}
