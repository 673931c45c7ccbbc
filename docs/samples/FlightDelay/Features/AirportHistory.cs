namespace FlightDelay.Features;

/// <summary>The flights from one airport that landed in the last day, as three sliding windows.</summary>
internal sealed class AirportHistory
{
    private readonly Window hour = new(TimeSpan.FromHours(1), prior: 5);
    private readonly Window threeHours = new(TimeSpan.FromHours(3), prior: 5);
    private readonly Window day = new(TimeSpan.FromDays(1), prior: 10);

    public void Add(in Landed flight)
    {
        hour.Add(flight);
        threeHours.Add(flight);
        day.Add(flight);
    }

    public (Tally LastHour, Tally Last3Hours, Tally LastDay) At(DateTime now) => (hour.At(now), threeHours.At(now), day.At(now));

    private sealed class Window(TimeSpan length, int prior)
    {
        private readonly Queue<Landed> flights = new();
        private Tally tally = new(prior);

        public void Add(in Landed flight)
        {
            flights.Enqueue(flight);
            tally.Add(flight);
        }

        public Tally At(DateTime now)
        {
            while (flights.TryPeek(out var oldest) && oldest.KnownAt <= now - length)
            {
                tally.Add(flights.Dequeue(), weight: -1);
            }

            return tally;
        }
    }
}
