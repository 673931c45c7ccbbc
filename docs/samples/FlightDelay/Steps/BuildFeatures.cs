using FlightDelay.Features;
using FlightDelay.Flights;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Steps;

/// <summary>Flights to compute features of; <paramref name="Leak"/> lets them look into the future, to show what that is worth.</summary>
public sealed record FeatureRequest(FlightSplit Split, bool Leak = false);

/// <summary>Features of the three parts.</summary>
public sealed record FeatureSets(FeatureRows Train, FeatureRows HoldOut, FeatureRows Predict);

/// <summary>Rows of features, as <c>FeatureFile</c> writes them.</summary>
public sealed record FeatureRows(ArtifactRef File, int Rows);

/// <summary>Computes the features of all flights in one pass through time.</summary>
[Step("features", Environment = ["DuckDB.NET.Data"])]
public sealed class BuildFeatures(ArtifactFiles files) : IStep<FeatureRequest, FeatureSets>
{
    public async Task<FeatureSets> RunAsync(FeatureRequest input, StepContext context, CancellationToken cancellationToken)
    {
        var split = input.Split;
        var features = new AsOfFeatures(input.Leak);
        List<LabelledFlight> train = [], holdOut = [], predict = [];
        var total = split.TrainRows + split.HoldOutRows + split.PredictRows;
        foreach (var flight in FlightTable.Read(await files.FetchAsync(split.Flights, "flights.parquet", cancellationToken)).TakeWhile(f => f.Date < split.End))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = flight.Date < split.HoldOutFrom ? train : flight.Date < split.PredictFrom ? holdOut : predict;
            part.Add(features.Next(flight));
            var done = train.Count + holdOut.Count + predict.Count;
            if (done % 10_000 == 0)
            {
                context.Progress.Report(new((double)done / total));
            }
        }

        return new(await StoreAsync(train), await StoreAsync(holdOut), await StoreAsync(predict));

        async Task<FeatureRows> StoreAsync(List<LabelledFlight> rows)
        {
            var path = files.PathOf("features");
            await using (var file = File.Create(path))
            {
                FeatureFile.Write(file, rows);
            }

            return new(await files.StoreAsync(path, cancellationToken), rows.Count);
        }
    }
}
