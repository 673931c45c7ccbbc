using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Pipelines;

namespace Mlops.Sdk.Sqlite.Tests.Pipelines;

/// <summary>
/// A pipeline in a process of its own: this test program with an environment variable and no test to run. It prints every step that it executes; the step that the variable names says so in its middle and waits to be killed.
/// </summary>
internal static class KilledRun
{
    private const string Variable = "MLOPS_PIPELINE_CHILD";

    /// <summary>The step to stop at, in a child.</summary>
    public static string StopAt { get; private set; } = "";

    /// <summary>Where effects are written.</summary>
    public static string Folder { get; private set; } = "";

    public static Process Start(string folder, string stopAt)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["--filter-class", "None"]) { RedirectStandardOutput = true };
        start.Environment[Variable] = $"{stopAt};{folder}";
        return Process.Start(start)!;
    }

    public static void Say(string line)
    {
        Console.Out.WriteLine("> " + line);
        Console.Out.Flush();
    }

    /// <summary>Says where it is, and stays there if it was told to.</summary>
    public static async Task PassAsync(string step)
    {
        Say(step);
        if (step == StopAt)
        {
            Say("stopped");
            await Task.Delay(Timeout.Infinite);
        }
    }

    [ModuleInitializer]
    internal static void Divert()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(';', 2) is [var stopAt, var folder])
        {
            (StopAt, Folder) = (stopAt, folder);

            // A foreground thread outlives the run of no tests.
            new Thread(() => RunAsync(folder).GetAwaiter().GetResult()).Start();
        }
    }

    private static async Task RunAsync(string folder)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddMlops().UseSqlite(o => o.Path = Path.Combine(folder, "mlops.db")).UseFileArtifacts(o => o.Root = Path.Combine(folder, "artifacts")).AddPipeline<Chain>();
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        await provider.OpenMlopsAsync();
        var result = await provider.GetRequiredService<IPipelineRunner<Chain>>().RunAsync(3, new() { MaxParallel = 1 });
        Say($"result {result.Output} executed {result.StepsExecuted} cached {result.StepsCached} as {result.RunId}");
    }
}

/// <summary>Three squares, an announcement, their sum.</summary>
internal sealed class Chain(IStepRef<Square> square, IStepRef<Announce> announce, IStepRef<Sum> sum) : IPipeline<int, long>
{
    public async Task<long> RunAsync(int options, IPipelineRun run, CancellationToken cancellationToken)
    {
        var squares = await run.ForEachAsync(square, Enumerable.Range(1, options), cancellationToken);
        await run.StepAsync(announce, squares[^1], cancellationToken);
        return (await run.StepAsync(sum, squares, cancellationToken)).Length;
    }
}

internal sealed class Square : IStep<int, long>
{
    public async Task<long> RunAsync(int input, StepContext context, CancellationToken cancellationToken)
    {
        await KilledRun.PassAsync($"square {input}");
        return (long)input * input;
    }
}

[Step(Cache = false)]
internal sealed class Announce : IStep<long, bool>
{
    public async Task<bool> RunAsync(long input, StepContext context, CancellationToken cancellationToken)
    {
        await File.AppendAllLinesAsync(Path.Combine(KilledRun.Folder, "effects"), [context.IdempotencyKey], cancellationToken);
        await KilledRun.PassAsync("announce");
        return true;
    }
}

/// <summary>Gives more than fits into a record, so that it goes through the artifact store.</summary>
internal sealed class Sum : IStep<IReadOnlyList<long>, string>
{
    public async Task<string> RunAsync(IReadOnlyList<long> input, StepContext context, CancellationToken cancellationToken)
    {
        await KilledRun.PassAsync("sum");
        return new string('x', 20_000 + (int)input.Sum());
    }
}
