using Microsoft.Extensions.DependencyInjection;

namespace Mlops.Sdk.Pipelines;

/// <inheritdoc cref="IPipelineRunner{TPipeline}"/>
internal sealed class PipelineRunner<TPipeline>(PipelineEngine engine) : IPipelineRunner<TPipeline>
    where TPipeline : class
{
    private readonly string name = NotCanonicalException.NameOf(typeof(TPipeline));
    private readonly StepDeclarations declarations = new(typeof(TPipeline), engine);

    public async Task<PipelineResult<TResult>> ExecuteAsync<TOptions, TResult>(TOptions options, PipelineRunOptions? runOptions = null, CancellationToken cancellationToken = default)
    {
        runOptions ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(runOptions.MaxParallel, 1, nameof(runOptions));
        var scope = engine.Scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var service = scope.ServiceProvider.GetService<TPipeline>()
            ?? throw new InvalidOperationException($"The pipeline {name} is not registered. Call AddPipeline<{name}>() on the result of AddMlops().");
        if (service is not IPipeline<TOptions, TResult> pipeline)
        {
            throw new ArgumentException($"{name} is not an IPipeline<{NotCanonicalException.NameOf(typeof(TOptions))}, {NotCanonicalException.NameOf(typeof(TResult))}>.", nameof(options));
        }

        var digest = engine.Codec.TryEncode(options, out var problem)?.Digest;
        if (problem is not null)
        {
            Log.OptionsHaveNoDigest(engine.Log, name, problem);
        }

        var begun = engine.Time.GetTimestamp();
        var started = await engine.Runs.StartAsync(name, runOptions.Seed, digest, cancellationToken).ConfigureAwait(false);
        var pump = new ProgressPump(runOptions.Progress, engine.Log);
        await using var __ = pump.ConfigureAwait(false);
        using var activity = engine.Telemetry.StartRun(name, started.Id.Key);
        using var run = new PipelineRun(engine, declarations, name, started, runOptions, pump, cancellationToken);
        Log.RunStarted(engine.Log, started.Id.Key, started.Resumes ? $" in the place of {started.Origin}, which was interrupted" : "");
        run.Post(PipelineEventKind.RunStarted, null);
        try
        {
            var output = await pipeline.RunAsync(options, run, run.Token).ConfigureAwait(false);
            await EndAsync(PipelineStates.Finished, PipelineEventKind.RunFinished, null).ConfigureAwait(false);
            Log.RunFinished(engine.Log, run.Id, run.Executed, run.Cached);
            return new(run.Id, output, run.Executed, run.Cached, engine.Time.GetElapsedTime(begun));
        }
        catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
        {
            Log.RunInterrupted(engine.Log, run.Id);
            await EndAsync(PipelineStates.Interrupted, PipelineEventKind.RunInterrupted, null).ConfigureAwait(false);
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.RunCanceled(engine.Log, run.Id);
            await EndAsync(PipelineStates.Canceled, PipelineEventKind.RunCanceled, null).ConfigureAwait(false);
            throw;
        }
        catch (Exception e)
        {
            Log.RunFailed(engine.Log, run.Id, ErrorText.Of(e));
            activity?.SetStatus(System.Diagnostics.ActivityStatusCode.Error);
            await EndAsync(PipelineStates.Failed, PipelineEventKind.RunFailed, ErrorText.Of(e)).ConfigureAwait(false);
            throw;
        }

        async Task EndAsync(string state, PipelineEventKind kind, string? error)
        {
            var elapsed = engine.Time.GetElapsedTime(begun);
            await engine.RecordEndAsync($"run {run.Id}", async token =>
            {
                try
                {
                    await run.RecordedAsync().WaitAsync(token).ConfigureAwait(false);
                }
                finally
                {
                    // Also when a cached call could not be stored: the run has ended all the same.
                    await engine.Runs.EndAsync(started, state, error, run.Executed, run.Cached, elapsed, token).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
            run.Post(kind, null, error: error, duration: elapsed);
        }
    }
}
