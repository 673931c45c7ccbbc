using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Polly;
using Polly.Retry;

namespace Mlops.Sdk.Pipelines;

/// <summary>One call of a step in a run: its key, the search for a finished execution, else its attempts.</summary>
internal sealed class StepCall<TIn, TOut>(PipelineRun run, StepDeclaration step, IStepRef<IStep<TIn, TOut>> handle, TIn input, string path)
{
    private readonly PipelineEngine engine = run.Engine;
    private readonly int seed = Derive.Seed(run.Seed, step.Name);
    private readonly long begun = run.Engine.Time.GetTimestamp();
    private EncodedValue? given;
    private Digest? key;
    private string code = "";
    private string idempotencyKey = "";
    private string? miss;
    private long? unusable;

    public async Task<TOut> RunAsync(CancellationToken cancellationToken)
    {
        using var activity = engine.Telemetry.StartStep(run.Pipeline, run.Id, step.Name, path);
        var outcome = PipelineStates.Failed;
        try
        {
            Identify(activity);
            if (step.Cache && key is { } known && await LookUpAsync(known, cancellationToken).ConfigureAwait(false) is { } hit)
            {
                outcome = PipelineStates.Cached;
                run.RecordCached(() => engine.Steps.CachedAsync(run.Started.Id, Record(0), hit.Attempt, hit.Output, CancellationToken.None));
                Log.StepCached(engine.Log, path, run.Id, hit.Attempt);
                run.CountCached();
                run.Post(PipelineEventKind.StepCached, path, duration: Elapsed(begun));
                return hit.Value;
            }

            var output = await ExecuteAsync(cancellationToken).ConfigureAwait(false);
            outcome = PipelineStates.Finished;
            return output;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = EndedBy();
            throw;
        }
        finally
        {
            engine.Telemetry.StepEnded(activity, run.Pipeline, step.Name, outcome, Elapsed(begun));
        }
    }

    private void Identify(Activity? activity)
    {
        given = engine.Codec.TryEncode(input, out var problem);
        code = engine.Code.Of(step);
        if (given is null)
        {
            if (step.Cache)
            {
                engine.Code.WarnOnce(step.Type, "input", () => Log.NeverCached(engine.Log, step.Name, "input", problem!));
            }

            idempotencyKey = Derive.IdempotencyKey(run.Origin, path, handle.CallName);
        }
        else
        {
            key = new StepKey(step.Identity, step.Version, code, run.Seed, given.Digest, step.Environment).Compute();
            activity?.SetTag("mlops.step.key", key.ToString());
            idempotencyKey = Derive.IdempotencyKey(run.Origin, key.Value.Hex, handle.CallName);
        }

        if (!step.Cache)
        {
            run.ClaimEffect(idempotencyKey, step, path);
        }
    }

    private async Task<CachedOutput<TOut>?> LookUpAsync(Digest known, CancellationToken cancellationToken)
    {
        var reader = new CachedOutputReader<TOut>(engine);
        var (hit, problem, revision) = await reader.ReadAsync(known, cancellationToken).ConfigureAwait(false);
        unusable = hit is null ? revision : null;
        miss = problem;
        if (hit is null && revision is not null)
        {
            Log.CachedOutputUnusable(engine.Log, path, problem!);
        }

        return hit;
    }

    private async Task<TOut> ExecuteAsync(CancellationToken cancellationToken)
    {
        var attempts = new ResiliencePipelineBuilder { TimeProvider = engine.Time };
        if (step.MaxAttempts > 1)
        {
            attempts.AddRetry(new RetryStrategyOptions
            {
                // Only what the step itself did, and not what the SDK calls final: a store that fails is no reason to do finished work again.
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is StepFailedException { InnerException: not MlopsException { IsTransient: false } }),
                MaxRetryAttempts = step.MaxAttempts - 1,
                Delay = engine.Options.RetryDelay,
                MaxDelay = engine.Options.MaxRetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            });
        }

        var number = 0;
        return await attempts.Build().ExecuteAsync(async token => await AttemptAsync(++number, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async Task<TOut> AttemptAsync(int number, CancellationToken cancellationToken)
    {
        var since = engine.Time.GetTimestamp();
        var attempt = await engine.Steps.StartAsync(run.Started.Id, Record(number), given, cancellationToken).ConfigureAwait(false);
        run.Post(PipelineEventKind.StepStarted, path, number);
        TOut output;
        try
        {
            output = await InvokeAsync(number, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && (engine.Stopping.IsCancellationRequested || IsCancellation(e)))
        {
            await EndAsync(attempt, EndedBy(), null, since).ConfigureAwait(false);
            throw e as OperationCanceledException ?? new OperationCanceledException($"The step {path} of run {run.Id} was cancelled: {ErrorText.Of(e)}", e, cancellationToken);
        }
        catch (Exception e)
        {
            var again = number < step.MaxAttempts && e is not MlopsException { IsTransient: false };
            await FailAsync(attempt, number, e, again ? PipelineEventKind.StepRetrying : PipelineEventKind.StepFailed, since).ConfigureAwait(false);
            throw new StepFailedException($"The step {path} of run {run.Id} failed{(number > 1 ? $" at its attempt {number}" : "")}: {ErrorText.Of(e)}", e) { Path = path, RunId = run.Id };
        }

        // Finished work is stored even when the run is cancelled in this moment.
        try
        {
            return await FinishAsync(attempt, number, output, since).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await FailAsync(attempt, number, e, PipelineEventKind.StepFailed, since).ConfigureAwait(false);
            throw;
        }
    }

    private async Task FailAsync(EntityId attempt, int number, Exception e, PipelineEventKind kind, long since)
    {
        var error = ErrorText.Of(e);
        Log.AttemptFailed(engine.Log, e, attempt.Key);
        await EndAsync(attempt, PipelineStates.Failed, error, since).ConfigureAwait(false);
        run.Post(kind, path, number, error: error, duration: Elapsed(since));
    }

    /// <summary>Whether it is a cancellation, or one that a library wrapped.</summary>
    private static bool IsCancellation(Exception e) =>
        e is OperationCanceledException || (e is AggregateException many ? many.InnerExceptions.Any(IsCancellation) : e.InnerException is { } inner && IsCancellation(inner));

    private async Task<TOut> InvokeAsync(int number, CancellationToken cancellationToken)
    {
        var scope = engine.Scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var instance = handle.Create(scope.ServiceProvider);
        var context = new StepContext
        {
            RunId = run.Id,
            Path = path,
            Attempt = number,
            Seed = seed,
            IdempotencyKey = idempotencyKey,
            Progress = new ThrottledProgress(engine.Time, engine.Options.ProgressInterval, value => run.Post(PipelineEventKind.StepProgress, path, number, value)),
        };

        // Every attempt has a copy of its own, so that nothing but the value enters the step.
        var own = given is null ? input : engine.Codec.Decode<TIn>(given.Json);
        if (step.Timeout is not { } limit)
        {
            return await instance.RunAsync(own, context, cancellationToken).ConfigureAwait(false);
        }

        var timeout = new ResiliencePipelineBuilder { TimeProvider = engine.Time }.AddTimeout(limit).Build();
        return await timeout.ExecuteAsync(async token => await instance.RunAsync(own, context, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async Task<TOut> FinishAsync(EntityId attempt, int number, TOut output, long since)
    {
        var encoded = engine.Codec.TryEncode(output, out var problem);
        if (encoded is null && step.Cache && key is not null)
        {
            engine.Code.WarnOnce(step.Type, "output", () => Log.NeverCached(engine.Log, step.Name, "output", problem!));
        }

        var result = step.Cache ? key : null;
        for (var round = 0; !await engine.Steps.FinishAsync(attempt, result, unusable, encoded, Elapsed(since), CancellationToken.None).ConfigureAwait(false); round++)
        {
            if (await LookUpAsync(result!.Value, CancellationToken.None).ConfigureAwait(false) is { } first)
            {
                if (first.Output != encoded!.Digest)
                {
                    Log.NotReproducible(engine.Log, path, first.Attempt);
                }

                await engine.Steps.AdoptAsync(attempt, first.Attempt, first.Output, Elapsed(since), CancellationToken.None).ConfigureAwait(false);
                Finished(attempt, number, since);
                return first.Value;
            }

            if (round == 4)
            {
                throw new ConflictException($"The result of step {path} is being replaced by others again and again. Run the pipeline again.") { Operation = "commit" };
            }
        }

        Finished(attempt, number, since);

        // What was stored is what is handed on, so that a run that executes and one that takes it from the store see the same.
        return encoded is null ? output : engine.Codec.Decode<TOut>(encoded.Json);
    }

    private void Finished(EntityId attempt, int number, long since)
    {
        Log.AttemptFinished(engine.Log, attempt.Key);
        run.CountExecuted();
        run.Post(PipelineEventKind.StepFinished, path, number, duration: Elapsed(since));
    }

    private Task EndAsync(EntityId attempt, string state, string? error, long since) =>
        engine.RecordEndAsync($"attempt {attempt.Key}", token => engine.Steps.EndAsync(attempt, state, error, Elapsed(since), token));

    private string EndedBy() => engine.Stopping.IsCancellationRequested ? PipelineStates.Interrupted : PipelineStates.Canceled;

    private AttemptRecord Record(int number) =>
        new(step.Name, step.Version, code, path, number, seed, key?.Hex, given?.Digest.ToString(), step.Environment.Count == 0 ? null : step.Environment.ToDictionary(), miss);

    private TimeSpan Elapsed(long since) => engine.Time.GetElapsedTime(since);
}
