using FlightDelay.Flights;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Steps;

/// <summary>Flights before <paramref name="HoldOutFrom"/> train, those before <paramref name="PredictFrom"/> are held out, those before <paramref name="End"/> are predicted; later ones are left.</summary>
public sealed record FlightSplit(ArtifactRef Flights, DateTime HoldOutFrom, DateTime PredictFrom, DateTime End, long TrainRows, long HoldOutRows, long PredictRows);

/// <summary>Splits by time, because a random split would train on tomorrow: January to April train, May is held out, June is predicted.</summary>
[Step("split")]
public sealed class SplitFlights(ArtifactFiles files) : IStep<ArtifactRef, FlightSplit>
{
    private static readonly DateOnly Never = DateOnly.MinValue;

    public async Task<FlightSplit> RunAsync(ArtifactRef input, StepContext context, CancellationToken cancellationToken)
    {
        var months = FlightTable.CountByMonth(await files.FetchAsync(input, "flights.parquet", cancellationToken));
        var year = months.Keys.FirstOrDefault(Never).Year;
        long Rows(int from, int to) => months.Where(m => m.Key.Year == year && m.Key.Month >= from && m.Key.Month <= to).Sum(m => m.Value);
        return new(input, new(year, 5, 1), new(year, 6, 1), new(year, 7, 1), Rows(1, 4), Rows(5, 5), Rows(6, 6));
    }
}
