using FlightDelay.Training;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;

namespace FlightDelay.Steps;

/// <summary>What to register: a candidate with the answer of the gate, and the champion that it met.</summary>
public sealed record RegisterRequest(FittedCandidate Candidate, GateOutcome Gate, ChampionMet? Champion);

/// <summary>
/// Registers the candidate with its report, whatever the gate said: the next person wants to know what was tried. A package that is registered already keeps its version; another verdict on it is not another model.
/// </summary>
[Step("register")]
public sealed class RegisterModel(IModelRegistry registry) : IStep<RegisterRequest, int>
{
    public async Task<int> RunAsync(RegisterRequest input, StepContext context, CancellationToken cancellationToken)
    {
        var known = await registry.ListVersionsAsync(FlightModel.Name, cancellationToken).FirstOrDefaultAsync(v => v.Package == input.Candidate.Package, cancellationToken);
        if (known is not null)
        {
            return known.Version;
        }

        var tags = new Dictionary<string, string> { ["trainer"] = input.Candidate.Trainer.ToString(), ["verdict"] = input.Gate.Verdict.ToString() };
        if (input.Champion is { } champion)
        {
            tags[Champion.MetTag] = champion.ToString();
        }

        var version = await registry.RegisterAsync(
            new ModelRegistration
            {
                Model = FlightModel.Name,
                Package = input.Candidate.Package,
                GateReport = input.Gate.Report.Digest,
                Tags = tags,

                // Killed between the registration and the commit of this step, the next run gets the same version again.
                IdempotencyKey = context.IdempotencyKey,
            },
            cancellationToken);
        return version.Version;
    }
}
