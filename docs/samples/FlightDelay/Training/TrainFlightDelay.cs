using FlightDelay.Steps;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Training;

/// <summary>What a training run starts from.</summary>
public sealed record TrainOptions(FlightSource Source, Champion? Champion);

/// <summary>What a training run came to. The parts from <paramref name="Candidates"/> on are empty when there was too little data to train.</summary>
public sealed record TrainResult(
    ValidatedFlights Flights,
    FlightSplit Split,
    Verdict Verdict,
    IReadOnlyList<ScoredCandidate> Candidates,
    TrainedModel? Model,
    PredictedFlights? Predicted);

/// <summary>The best candidate as it was registered.</summary>
public sealed record TrainedModel(ScoredCandidate Best, GateOutcome Gate, ChampionMet? Met, int Version, int? Champion)
{
    /// <summary>The model is a version from before the champion that it met.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOlder => Met is { } met && Version < met.Version;
}

/// <summary>From a file of flights to a served model.</summary>
public sealed class TrainFlightDelay(
    IStepRef<LoadFlights> load,
    IStepRef<ValidateFlights> validate,
    IStepRef<SplitFlights> split,
    IStepRef<BuildFeatures> features,
    IStepRef<FitCandidate> fit,
    IStepRef<ScoreCandidate> evaluate,
    IStepRef<GateModel> gate,
    IStepRef<RegisterModel> register,
    IStepRef<PromoteModel> promote,
    IStepRef<PredictFlights> predict) : IPipeline<TrainOptions, TrainResult>
{
    /// <summary>Fewer flights than this in training or hold-out say nothing.</summary>
    public const int MinRows = 1_000;

    public async Task<TrainResult> RunAsync(TrainOptions options, IPipelineRun run, CancellationToken cancellationToken)
    {
        var loaded = await run.StepAsync(load, options.Source, cancellationToken);
        var flights = await run.StepAsync(validate, loaded, cancellationToken);
        var parts = await run.StepAsync(split, flights.Valid, cancellationToken);
        if (parts.TrainRows < MinRows || parts.HoldOutRows < MinRows)
        {
            return new(flights, parts, Verdict.Inconclusive, [], null, null);
        }

        var sets = await run.StepAsync(features, new FeatureRequest(parts), cancellationToken);
        var fitted = await run.ForEachAsync(fit, Enum.GetValues<Trainer>().Select(t => new FitRequest(sets.Train, t)), cancellationToken);
        var scored = await run.ForEachAsync(evaluate, fitted.Select(f => new ScoreRequest(f, sets.Train, sets.HoldOut)), cancellationToken);
        var best = scored.MaxBy(s => s.Scores.RocAuc)!;

        var opponent = Champion.Opponent(options.Champion, best.Candidate.Package);
        var verdict = await run.StepAsync(gate, new GateRequest(best.Candidate.Package, opponent?.Package, sets.Train, sets.HoldOut), cancellationToken);
        var version = await run.StepAsync(register, new RegisterRequest(best.Candidate, verdict, opponent), cancellationToken);

        // Not worse is enough for a newer version, because it was trained later. An older one, found again, does not come back by being not worse.
        var champion = verdict.Verdict == Verdict.Pass && version > (opponent?.Version ?? 0)
            ? await run.StepAsync(promote, new PromoteRequest(version, opponent), cancellationToken)
            : opponent?.Version;
        var predicted = champion is { } served
            ? await run.StepAsync(predict, new PredictRequest(served, sets.Predict), cancellationToken)
            : null;
        return new(flights, parts, verdict.Verdict, scored, new(best, verdict, opponent, version, champion), predicted);
    }
}
