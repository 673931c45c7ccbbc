namespace Mlops.Sdk.Pipelines;

/// <summary>
/// A pipeline: ordinary C# over step handles. Between steps it uses only its options, step results, <see cref="IPipelineRun.StartedAt"/>, <see cref="IPipelineRun.Seed"/> and <see cref="IPipelineRun.NewId"/>, so that a repeated run takes the same path.
/// </summary>
/// <typeparam name="TOptions">The options of a run.</typeparam>
/// <typeparam name="TResult">The result of a run.</typeparam>
public interface IPipeline<TOptions, TResult>
{
    /// <summary>Runs the steps.</summary>
    Task<TResult> RunAsync(TOptions options, IPipelineRun run, CancellationToken cancellationToken);
}

/// <summary>One run of a pipeline. Thread-safe.</summary>
public interface IPipelineRun
{
    /// <summary>Identifies the run.</summary>
    string Id { get; }

    /// <summary>When the run started, by the store's clock; stays the same when the run is resumed.</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>The seed of the run, from which the seed of every step is derived.</summary>
    int Seed { get; }

    /// <summary>A new identifier: the same sequence whenever this run is repeated.</summary>
    Guid NewId();

    /// <summary>Runs a step, or takes the output of a finished execution with the same key.</summary>
    /// <param name="step">The handle; <c>step.Named("…")</c> tells apart two calls of one uncached step with equal input.</param>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Cancels the step.</param>
    /// <exception cref="StepFailedException">The last attempt failed.</exception>
    Task<TOut> StepAsync<TIn, TOut>(IStepRef<IStep<TIn, TOut>> step, TIn input, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs a step for every input, several at a time, and gives the outputs in the order of the inputs. The first failure cancels the others.
    /// At most <see cref="PipelineRunOptions.MaxParallel"/> steps run at a time over the whole run.
    /// </summary>
    /// <param name="step">The handle.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="cancellationToken">Cancels all.</param>
    /// <exception cref="StepFailedException">The last attempt of one of them failed.</exception>
    Task<IReadOnlyList<TOut>> ForEachAsync<TIn, TOut>(IStepRef<IStep<TIn, TOut>> step, IEnumerable<TIn> inputs, CancellationToken cancellationToken = default);
}
