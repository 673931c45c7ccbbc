using FlightDelay.Flights;
using Mlops.Sdk;
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
        var path = await files.FetchAsync(input.File, input.Name, cancellationToken);
        var (valid, quarantine) = (files.PathOf("valid.out.parquet"), files.PathOf("quarantine.out.csv"));
        try
        {
            var check = await engine.CheckAsync(LoadFlights.Source(input.Format, path), Flight.Contract, new QuarantineOptions { ValidPath = valid, QuarantinePath = quarantine }, cancellationToken);
            return new(
                await files.StoreAsync(valid, cancellationToken),
                await files.StoreAsync(quarantine, cancellationToken),
                check.Rows,
                check.Valid,
                check.Quarantined,
                check.Reasons);
        }
        catch (MlopsException e) when (e.Message.Contains(path, StringComparison.Ordinal))
        {
            // The copy means nothing to whoever reads the message.
            throw new MlopsException(e.Message.Replace(path, input.Name, StringComparison.Ordinal), e);
        }
    }
}
