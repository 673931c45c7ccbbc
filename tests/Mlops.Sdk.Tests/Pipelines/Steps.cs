using System.Collections.Concurrent;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Tests.Pipelines;

/// <summary>What the steps of a test did, as a singleton of its host.</summary>
public sealed class Journal
{
    public ConcurrentQueue<string> Ran { get; } = new();

    public ConcurrentQueue<StepContext> Contexts { get; } = new();

    public ConcurrentQueue<(Scoped Scoped, FitModel Step)> Seen { get; } = new();

    /// <summary>Called in the middle of every step.</summary>
    public Func<string, int, CancellationToken, Task> Middle { get; set; } = (_, _, _) => Task.CompletedTask;

    public async Task EnterAsync(string step, StepContext context, CancellationToken cancellationToken)
    {
        Ran.Enqueue(step);
        Contexts.Enqueue(context);
        await Middle(step, context.Attempt, cancellationToken);
    }
}

/// <summary>A scoped dependency that says when it is gone.</summary>
public sealed class Scoped : IDisposable
{
    public Guid Id { get; } = MlopsId.New();

    public bool Disposed { get; private set; }

    public void Dispose() => Disposed = true;
}

public sealed record Rows(string Source, IReadOnlyList<double> Values);

public sealed record FitInput(Rows Rows, string Trainer);

public sealed record Fit(string Trainer, double Score);

public sealed record TrainOptions(string Source, params string[] Trainers)
{
    public string? Note { get; init; }
}

[Step("load")]
public sealed class Load(Journal journal) : IStep<string, Rows>
{
    public async Task<Rows> RunAsync(string input, StepContext context, CancellationToken cancellationToken)
    {
        await journal.EnterAsync("load", context, cancellationToken);
        return new(input, [1, 2, double.NaN, -0.0]);
    }
}

[Step("fit")]
public sealed class FitModel(Journal journal, Scoped scoped) : IStep<FitInput, Fit>
{
    public async Task<Fit> RunAsync(FitInput input, StepContext context, CancellationToken cancellationToken)
    {
        journal.Seen.Enqueue((scoped, this));
        await journal.EnterAsync($"fit {input.Trainer}", context, cancellationToken);
        return new(input.Trainer, new Random(context.Seed).NextDouble());
    }
}

[Step("announce", Cache = false)]
public sealed class Announce(Journal journal) : IStep<string, string?>
{
    public async Task<string?> RunAsync(string input, StepContext context, CancellationToken cancellationToken)
    {
        await journal.EnterAsync("announce", context, cancellationToken);
        return null;
    }
}

public sealed class Train(IStepRef<Load> load, IStepRef<FitModel> fit) : IPipeline<TrainOptions, IReadOnlyList<Fit>>
{
    public async Task<IReadOnlyList<Fit>> RunAsync(TrainOptions options, IPipelineRun run, CancellationToken cancellationToken)
    {
        var rows = await run.StepAsync(load, options.Source, cancellationToken);
        return await run.ForEachAsync(fit, options.Trainers.Select(t => new FitInput(rows, t)), cancellationToken);
    }
}

/// <summary>A pipeline made of whatever the test says.</summary>
public sealed class Ad<TStep>(IStepRef<TStep> step, AdHoc<TStep> body) : IPipeline<int, int>
    where TStep : class
{
    public async Task<int> RunAsync(int options, IPipelineRun run, CancellationToken cancellationToken)
    {
        await body.Run(step, run, cancellationToken);
        return options;
    }
}

public sealed record AdHoc<TStep>(Func<IStepRef<TStep>, IPipelineRun, CancellationToken, Task> Run)
    where TStep : class;

/// <summary>A step that calls what the test says.</summary>
[Step("call")]
public sealed class Call<TIn, TOut>(Func<TIn, StepContext, CancellationToken, Task<TOut>> body) : IStep<TIn, TOut>
{
    public Task<TOut> RunAsync(TIn input, StepContext context, CancellationToken cancellationToken) => body(input, context, cancellationToken);
}
