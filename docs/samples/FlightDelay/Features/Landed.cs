namespace FlightDelay.Features;

/// <summary>A flight whose delay is known.</summary>
internal readonly record struct Landed(DateTime KnownAt, int MinuteOfDay, int Delay, bool Late)
{
    /// <summary>Longer delays count as three hours, so that one stranded aircraft is not the weather of a day.</summary>
    public const int LongestDelay = 180;
}

/// <summary>Whole-number sums over flights: the order in which they are added cannot change the result.</summary>
/// <param name="Prior">With how much weight <see cref="UsualShareLate"/> is mixed in while little is known.</param>
internal record struct Tally(int Prior, long Count = 0, long LateCount = 0, long DelaySum = 0)
{
    public const float UsualShareLate = 0.22f;

    public readonly float ShareLate => (LateCount + (UsualShareLate * Prior)) / (Count + Prior);

    public readonly float MeanDelay => DelaySum / (float)(Count + Prior);

    public void Add(in Landed flight, int weight = 1)
    {
        Count += weight;
        DelaySum += weight * flight.Delay;
        LateCount += flight.Late ? weight : 0;
    }
}
