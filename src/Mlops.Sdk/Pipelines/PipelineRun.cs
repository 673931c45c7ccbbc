using System.Collections.Concurrent;
using System.Globalization;

namespace Mlops.Sdk.Pipelines;

/// <inheritdoc cref="IPipelineRun"/>
internal sealed class PipelineRun : IPipelineRun, IDisposable
{
    private readonly ConcurrentQueue<Task> records = new();
    private readonly StepDeclarations declarations;
    private readonly ProgressPump pump;
    private readonly ConcurrentDictionary<string, int> calls = new();
    private readonly ConcurrentDictionary<string, string> effects = new();
    private readonly CancellationTokenSource cancellation;
    private long ids;
    private int executed;
    private int cached;

    public PipelineRun(PipelineEngine engine, StepDeclarations declarations, string pipeline, StartedRun started, PipelineRunOptions options, ProgressPump pump, CancellationToken cancellationToken)
    {
        Engine = engine;
        this.declarations = declarations;
        Pipeline = pipeline;
        Started = started;
        Seed = options.Seed;
        MaxParallel = options.MaxParallel;
        Turns = new SemaphoreSlim(options.MaxParallel);
        this.pump = pump;
        cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, engine.Stopping);
        Token = cancellation.Token;
    }

    public PipelineEngine Engine { get; }

    public string Pipeline { get; }

    public StartedRun Started { get; }

    public string Id => Started.Id.Key;

    public DateTimeOffset StartedAt => Started.StartedAt;

    public int Seed { get; }

    public int MaxParallel { get; }

    /// <summary>Bounds how many steps run at a time.</summary>
    public SemaphoreSlim Turns { get; }

    /// <summary>Fires when the caller cancels and when the host shuts down.</summary>
    public CancellationToken Token { get; }

    /// <summary>Names the series of runs that continue one another, in this store and no other.</summary>
    public string Origin => string.Create(CultureInfo.InvariantCulture, $"{Started.Id.Workspace}:{Started.Origin}@{Started.StartedAt.UtcTicks}");

    public int Executed => Volatile.Read(ref executed);

    public int Cached => Volatile.Read(ref cached);

    public Guid NewId() => Derive.Id(Origin, Interlocked.Increment(ref ids));

    public Task<TOut> StepAsync<TIn, TOut>(IStepRef<IStep<TIn, TOut>> step, TIn input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        var declaration = declarations.Get(step.StepType);
        return CallAsync(step, declaration, input, NextPath(declaration, step.CallName), cancellationToken);
    }

    public async Task<IReadOnlyList<TOut>> ForEachAsync<TIn, TOut>(IStepRef<IStep<TIn, TOut>> step, IEnumerable<TIn> inputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(inputs);
        var declaration = declarations.Get(step.StepType);

        // Paths are given before anything is awaited, so that they do not depend on which step ends first.
        var items = inputs.Select(input => (Input: input, Path: NextPath(declaration, step.CallName))).ToList();
        var outputs = new TOut[items.Count];
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var next = -1;
        Exception? first = null;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(MaxParallel, items.Count)).Select(_ => WorkAsync())).ConfigureAwait(false);
        if (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }

        return outputs;

        async Task WorkAsync()
        {
            try
            {
                for (int i; !failure.IsCancellationRequested && (i = Interlocked.Increment(ref next)) < items.Count;)
                {
                    outputs[i] = await CallAsync(step, declaration, items[i].Input, items[i].Path, failure.Token).ConfigureAwait(false);
                }

                failure.Token.ThrowIfCancellationRequested();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                await failure.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    public void Post(PipelineEventKind kind, string? path, int attempt = 0, StepProgress? progress = null, string? error = null, TimeSpan? duration = null) =>
        pump.Post(new(kind, Id, path, Engine.Time.GetUtcNow()) { Attempt = attempt, Progress = progress, Error = error, Duration = duration });

    public void CountExecuted() => Interlocked.Increment(ref executed);

    public void CountCached() => Interlocked.Increment(ref cached);

    /// <summary>Stores in the background that a call was answered by a finished execution. Nothing but the end of the run waits for it, so many share one commit; a run that is killed loses no work with it.</summary>
    public void RecordCached(Func<Task> record) => records.Enqueue(Task.Run(record));

    /// <summary>Ends when everything that was handed to <see cref="RecordCached"/> is stored.</summary>
    public Task RecordedAsync() => Task.WhenAll(records);

    /// <summary>An effect must be told apart from any other of the run, or neither its attempts nor its repetition could be recognised.</summary>
    public void ClaimEffect(string idempotencyKey, StepDeclaration step, string path)
    {
        if (!effects.TryAdd(idempotencyKey, path) && effects[idempotencyKey] != path)
        {
            throw new InvalidOperationException($"The step {step.Name} is not cached and was called twice with equal input, as {effects[idempotencyKey]} and {path}. Name the calls: run.StepAsync(step.Named(\"…\"), …).");
        }
    }

    public void Dispose()
    {
        cancellation.Dispose();
        Turns.Dispose();
    }

    private async Task<TOut> CallAsync<TIn, TOut>(IStepRef<IStep<TIn, TOut>> step, StepDeclaration declaration, TIn input, string path, CancellationToken cancellationToken)
    {
        Engine.Claim(declaration, typeof(IStep<TIn, TOut>));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Token, cancellationToken);
        await Turns.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            return await new StepCall<TIn, TOut>(this, declaration, step, input, path).RunAsync(either.Token).ConfigureAwait(false);
        }
        finally
        {
            Turns.Release();
        }
    }

    private string NextPath(StepDeclaration step, string? callName)
    {
        var name = callName is null ? step.Name : $"{step.Name}#{StepDeclaration.CheckName(callName, $"A call of the step {step.Name}")}";
        return string.Create(CultureInfo.InvariantCulture, $"{name}[{calls.AddOrUpdate(name, 1, (_, n) => n + 1)}]");
    }
}
