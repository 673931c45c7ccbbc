using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Benchmarks.Baselines;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Benchmarks.Pipelines;

/// <summary>What a step costs over its own work: one after the other, with a record of 2 KB in and out.</summary>
internal abstract class StepRatio : Ratio
{
    protected const int Steps = 200;
    private readonly byte[] body = new byte[2048];
    private DirectoryInfo? folder;
    private ServiceProvider services = null!;
    private SqliteCommitBaseline raw = null!;

    public override string Unit => "ms/step";

    public override string Better => "lower";

    public override string BaselineIs => "one commit of a 2 KB record with a prepared ADO.NET insert";

    public override string Durability => "full";

    public override long Rows => Steps;

    protected IPipelineRunner<Many> Runner => services.GetRequiredService<IPipelineRunner<Many>>();

    public override async Task SetupAsync()
    {
        folder = Directory.CreateTempSubdirectory("mlops-ratio-");
        var collection = new ServiceCollection().AddLogging();
        collection.AddMlops().UseSqlite(o => o.Path = Path.Combine(folder.FullName, "ours.db")).UseFileArtifacts(o => o.Root = Path.Combine(folder.FullName, "artifacts")).AddPipeline<Many>();
        services = collection.BuildServiceProvider();
        await services.OpenMlopsAsync();
        raw = new(Path.Combine(folder.FullName, "raw.db"));
        Random.Shared.NextBytes(body);
    }

    /// <summary>Lets the runtime finish compiling both sides, so that a long pipeline is measured and not its first second.</summary>
    protected async Task WarmUpAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            await OursAsync();
            await BaselineAsync();
        }
    }

    public override Task<double> BaselineAsync()
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Steps; i++)
        {
            raw.Commit(body);
        }

        return Task.FromResult(Stopwatch.GetElapsedTime(started).TotalMilliseconds / Steps);
    }

    public override async ValueTask DisposeAsync()
    {
        await (services?.DisposeAsync() ?? ValueTask.CompletedTask);
        raw?.Dispose();
        folder?.Delete(recursive: true);
        await base.DisposeAsync();
    }

    protected async Task<double> MeasureAsync(int from, int executed)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await Runner.RunAsync(from, new() { MaxParallel = 1 });
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds / Steps;
        return result.StepsExecuted == executed ? elapsed : throw new InvalidOperationException($"{result.StepsExecuted} steps were executed instead of {executed}.");
    }

    internal sealed record Record(int Id, string Name, IReadOnlyList<double> Values, IReadOnlyDictionary<string, string> Tags)
    {
        /// <summary>About 2 KB as JSON.</summary>
        public static Record Make(int id) => new(
            id, $"record {id}", [.. Enumerable.Range(0, 60).Select(i => Math.Sin(id + i))], Enumerable.Range(0, 20).ToDictionary(i => $"tag-{i}", i => $"the value of {id} and {i}"));
    }

    internal sealed class Turn : IStep<Record, Record>
    {
        public Task<Record> RunAsync(Record input, StepContext context, CancellationToken cancellationToken) => Task.FromResult(input with { Name = "turned" });
    }

    internal sealed class Many(IStepRef<Turn> turn) : IPipeline<int, int>
    {
        public async Task<int> RunAsync(int options, IPipelineRun run, CancellationToken cancellationToken)
        {
            for (var i = 0; i < Steps; i++)
            {
                await run.StepAsync(turn, Record.Make(options + i), cancellationToken);
            }

            return options;
        }
    }
}

/// <summary>Steps that run.</summary>
internal sealed class StepExecutedRatio : StepRatio
{
    private int from;

    public override string Name => "pipelines.step.executed";

    public override async Task SetupAsync()
    {
        await base.SetupAsync();
        await WarmUpAsync();
    }

    public override Task<double> OursAsync() => MeasureAsync(from += Steps, Steps);
}

/// <summary>Steps whose outcome is known.</summary>
internal sealed class StepCachedRatio : StepRatio
{
    public override string Name => "pipelines.step.cached";

    public override async Task SetupAsync()
    {
        await base.SetupAsync();
        await MeasureAsync(0, Steps);
        await WarmUpAsync();
    }

    public override Task<double> OursAsync() => MeasureAsync(0, 0);
}
