using FlightDelay.Training;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;

namespace FlightDelay.Steps;

/// <summary>The version that passed, and the champion that it met; null for none.</summary>
public sealed record PromoteRequest(int Version, ChampionMet? Champion);

/// <summary>Moves the alias <c>champion</c> to a version that passed the gate.</summary>
[Step("alias")]
public sealed class PromoteModel(IModelRegistry registry) : IStep<PromoteRequest, int>
{
    public async Task<int> RunAsync(PromoteRequest input, StepContext context, CancellationToken cancellationToken)
    {
        var alias = await registry.FindAliasAsync(FlightModel.Name, Champion.Alias, cancellationToken);
        if (alias?.Version == input.Version)
        {
            return alias.Version;
        }

        if (alias?.Version != input.Champion?.Version)
        {
            throw new Mlops.Sdk.ConflictException($"The alias '{Champion.Alias}' moved to version {alias?.Version} while version {input.Version} was judged against another. Run again to meet the new champion.");
        }

        return (await registry.MoveAliasAsync(FlightModel.Name, Champion.Alias, input.Version, alias, "passed the gate", cancellationToken)).Version;
    }
}
