using FlightDelay.Flights;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Data;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Steps;

/// <summary>The flights that keep the contract, and those that do not with the reasons.</summary>
public sealed record ValidatedFlights(ArtifactRef Valid, ArtifactRef Quarantine, long Rows, long ValidRows, long QuarantinedRows, IReadOnlyDictionary<string, long> Reasons);

/// <summary>Checks every flight against the contract.</summary>
[Step("validate", Environment = ["DuckDB.NET.Data"])]
public sealed class ValidateFlights(IDataEngine engine, ArtifactFiles files) : IStep<LoadedFlights, ValidatedFlights>
{
    public async Task<ValidatedFlights> RunAsync(LoadedFlights input, StepContext context, CancellationToken cancellationToken)
    {
        var source = LoadFlights.Source(input.Format, await files.FetchAsync(input.File, input.Name, cancellationToken));
        var (valid, quarantine) = (files.PathOf("valid.out.parquet"), files.PathOf("quarantine.out.csv"));
        var check = await engine.CheckAsync(source, Flight.Contract, new QuarantineOptions { ValidPath = valid, QuarantinePath = quarantine }, cancellationToken);
        return new(
            await files.StoreAsync(valid, cancellationToken),
            await files.StoreAsync(quarantine, cancellationToken),
            check.Rows,
            check.Valid,
            check.Quarantined,
            check.Reasons);
    }
}
