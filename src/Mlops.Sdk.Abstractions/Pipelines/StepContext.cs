namespace Mlops.Sdk.Pipelines;

/// <summary>What a step is told about its attempt. Thread-safe.</summary>
public sealed class StepContext
{
    /// <summary>The run, as in <see cref="IPipelineRun.Id"/>.</summary>
    public required string RunId { get; init; }

    /// <summary>The step's place in its run: name and call number, for example <c>fit[2]</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The number of this attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The seed for everything random in this step: derived from the run's seed and part of the key. The same for every attempt.</summary>
    public required int Seed { get; init; }

    /// <summary>The same for every attempt of this call of the step and different for every other: hand it to what must happen once.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>Reports progress; never throws and never waits.</summary>
    public IProgress<StepProgress> Progress { get; init; } = new Progress<StepProgress>();
}

/// <summary>How far a step is.</summary>
/// <param name="Fraction">0 to 1, or NaN when unknown.</param>
/// <param name="Message">What it is doing, or null.</param>
public readonly record struct StepProgress(double Fraction, string? Message = null);
