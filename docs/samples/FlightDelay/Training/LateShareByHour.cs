using FlightDelay.Features;

namespace FlightDelay.Training;

/// <summary>The simple baseline: the share of late flights of this airport in this hour of the day, learned from the training rows. A model that is not clearly better is not worth its upkeep.</summary>
internal sealed class LateShareByHour
{
    private const int Prior = 20;
    private readonly Dictionary<(string Origin, float Hour), double> shares;
    private readonly double overall;

    public LateShareByHour(IReadOnlyList<LabelledFlight> train)
    {
        overall = train.Average(r => r.Late ? 1.0 : 0.0);
        shares = train.GroupBy(r => (r.Origin, r.Hour)).ToDictionary(g => g.Key, g => (g.Count(r => r.Late) + (Prior * overall)) / (g.Count() + Prior));
    }

    public double[] Score(IReadOnlyList<LabelledFlight> rows) => [.. rows.Select(r => shares.GetValueOrDefault((r.Origin, r.Hour), overall))];
}
