namespace Mlops.Sdk.Pipelines;

/// <summary>Runs a pipeline; inject <c>IPipelineRunner&lt;MyPipeline&gt;</c> and call <c>RunAsync(options)</c>. A thread-safe singleton.</summary>
/// <typeparam name="TPipeline">The pipeline.</typeparam>
public interface IPipelineRunner<out TPipeline>
    where TPipeline : class
{
    /// <summary>Runs the pipeline; the extension <c>RunAsync(options)</c> calls it with the types inferred.</summary>
    /// <exception cref="StepFailedException">A step failed.</exception>
    /// <exception cref="ArgumentException"><typeparamref name="TPipeline"/> is not an <see cref="IPipeline{TOptions, TResult}"/> of these types.</exception>
    Task<PipelineResult<TResult>> ExecuteAsync<TOptions, TResult>(TOptions options, PipelineRunOptions? runOptions = null, CancellationToken cancellationToken = default);
}

/// <summary>How to run a pipeline.</summary>
public sealed record PipelineRunOptions
{
    /// <summary>The seed; part of every step's key. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>At most this many steps at a time over the whole run. Default: the number of processors.</summary>
    public int MaxParallel { get; init; } = Environment.ProcessorCount;

    /// <summary>Receives progress in order, one call at a time; null for nobody. An exception it throws is logged and does not fail the run.</summary>
    public IProgress<PipelineEvent>? Progress { get; init; }
}

/// <summary>The outcome of a run that ended well.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Output">What the pipeline returned.</param>
/// <param name="StepsExecuted">How many steps ran.</param>
/// <param name="StepsCached">How many were taken from finished executions.</param>
/// <param name="Duration">How long it took.</param>
public sealed record PipelineResult<TResult>(string RunId, TResult Output, int StepsExecuted, int StepsCached, TimeSpan Duration);

/// <summary>Something that happened in a run.</summary>
/// <param name="Kind">What.</param>
/// <param name="RunId">The run.</param>
/// <param name="Path">The step's place, or null for the run itself.</param>
/// <param name="At">When, by the host's clock.</param>
public sealed record PipelineEvent(PipelineEventKind Kind, string RunId, string? Path, DateTimeOffset At)
{
    /// <summary>The attempt, from 1; 0 when there is none.</summary>
    public int Attempt { get; init; }

    /// <summary>How long it took, for an end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The progress, for <see cref="PipelineEventKind.StepProgress"/>.</summary>
    public StepProgress? Progress { get; init; }

    /// <summary>The message of a failure, or null.</summary>
    public string? Error { get; init; }
}

/// <summary>What happened.</summary>
public enum PipelineEventKind
{
    /// <summary>The run started.</summary>
    RunStarted,

    /// <summary>An attempt started.</summary>
    StepStarted,

    /// <summary>A step told how far it is.</summary>
    StepProgress,

    /// <summary>A step finished and its outcome is stored.</summary>
    StepFinished,

    /// <summary>A finished execution with the same key was used.</summary>
    StepCached,

    /// <summary>An attempt failed and another follows.</summary>
    StepRetrying,

    /// <summary>The last attempt failed.</summary>
    StepFailed,

    /// <summary>The run ended well.</summary>
    RunFinished,

    /// <summary>The run failed.</summary>
    RunFailed,

    /// <summary>The caller cancelled the run.</summary>
    RunCanceled,

    /// <summary>The host is shutting down; the run goes on when it is run again.</summary>
    RunInterrupted,
}

/// <summary>The last attempt of a step failed; the inner exception says why.</summary>
public sealed class StepFailedException : MlopsException
{
    /// <summary>Creates the exception.</summary>
    public StepFailedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The step's place in its run.</summary>
    public required string Path { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }
}
