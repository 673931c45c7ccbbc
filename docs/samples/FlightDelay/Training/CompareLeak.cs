using FlightDelay.Steps;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Training;

/// <summary>The same candidate, trained on honest and on leaking features.</summary>
public sealed record LeakResult(ValidatedFlights Flights, ScoredCandidate Honest, ScoredCandidate Leak);

/// <summary>Shows what a leak looks like: the same steps, but an earlier flight counts from its departure on. Nothing is registered. Whatever a training run has computed already is taken from there.</summary>
public sealed class CompareLeak(
    IStepRef<LoadFlights> load,
    IStepRef<ValidateFlights> validate,
    IStepRef<SplitFlights> split,
    IStepRef<BuildFeatures> features,
    IStepRef<FitCandidate> fit,
    IStepRef<ScoreCandidate> evaluate) : IPipeline<FlightSource, LeakResult>
{
    public async Task<LeakResult> RunAsync(FlightSource source, IPipelineRun run, CancellationToken cancellationToken)
    {
        var loaded = await run.StepAsync(load, source, cancellationToken);
        var flights = await run.StepAsync(validate, loaded, cancellationToken);
        var parts = await run.StepAsync(split, flights.Valid, cancellationToken);
        return new(flights, await ScoreAsync(leak: false), await ScoreAsync(leak: true));

        async Task<ScoredCandidate> ScoreAsync(bool leak)
        {
            var sets = await run.StepAsync(features, new FeatureRequest(parts, leak), cancellationToken);
            var fitted = await run.StepAsync(fit, new FitRequest(sets.Train, Trainer.BoostedTrees), cancellationToken);
            return await run.StepAsync(evaluate, new ScoreRequest(fitted, sets.Train, sets.HoldOut, leak), cancellationToken);
        }
    }
}
