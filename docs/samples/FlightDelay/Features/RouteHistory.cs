namespace FlightDelay.Features;

/// <summary>The flights on one route that landed in the last 28 days. A timetable repeats, so a flight that leaves when flights on this route usually leave late is probably late itself.</summary>
internal sealed class RouteHistory
{
    public const int SlotMinutes = 15;
    private const int MinutesOfDay = 24 * 60;
    private static readonly TimeSpan Memory = TimeSpan.FromDays(28);
    private readonly List<Landed> flights = [];
    private int oldest;

    public void Add(in Landed flight) => flights.Add(flight);

    public (Tally All, Tally Last3, Tally Slot, int ScheduledNow, int ScheduledEarlier) At(DateTime now, int minuteOfDay)
    {
        while (oldest < flights.Count && flights[oldest].KnownAt <= now - Memory)
        {
            oldest++;
        }

        if (oldest > 1024)
        {
            flights.RemoveRange(0, oldest);
            oldest = 0;
        }

        Tally all = new(10), last3 = new(1), slot = new(2 * SlotMinutes);
        int scheduledNow = 0, scheduledEarlier = 0;
        for (var i = oldest; i < flights.Count; i++)
        {
            var flight = flights[i];
            all.Add(flight);
            if (i >= flights.Count - 3)
            {
                last3.Add(flight);
            }

            var apart = Math.Abs(MinutesBetween(flight.MinuteOfDay, minuteOfDay));
            if (apart < SlotMinutes)
            {
                slot.Add(flight, weight: SlotMinutes - apart);
            }

            // Without a timetable in the data, departure minus delay is the best guess of the schedule.
            var behindSchedule = MinutesBetween(flight.MinuteOfDay - Math.Max(flight.Delay, 0), minuteOfDay);
            scheduledNow += behindSchedule is >= -5 and <= 8 ? 1 : 0;
            scheduledEarlier += behindSchedule is > 8 and <= 60 ? 1 : 0;
        }

        return (all, last3, slot, scheduledNow, scheduledEarlier);
    }

    /// <summary>From one time of day to another, the short way round the clock.</summary>
    private static int MinutesBetween(int from, int to) =>
        ((to - from + (2 * MinutesOfDay) + (MinutesOfDay / 2)) % MinutesOfDay) - (MinutesOfDay / 2);
}
