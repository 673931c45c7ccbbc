namespace Mlops.Sdk.Pipelines;

/// <summary>Runs a pipeline with its types inferred.</summary>
public static class PipelineRunnerExtensions
{
    /// <summary>Runs the pipeline. Running it again with equal options and seed goes on where an interrupted run stopped: finished steps are not run again.</summary>
    /// <param name="runner">The runner.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="runOptions">Seed, parallelism and progress; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="StepFailedException">A step failed.</exception>
    public static Task<PipelineResult<TResult>> RunAsync<TOptions, TResult>(
        this IPipelineRunner<IPipeline<TOptions, TResult>> runner,
        TOptions options,
        PipelineRunOptions? runOptions = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        return runner.ExecuteAsync<TOptions, TResult>(options, runOptions, cancellationToken);
    }
}
