using System.Diagnostics;
using System.Reflection;
using FlightDelay.Training;
using Mlops.Sdk.Pipelines;
using Spectre.Console;

namespace FlightDelay;

/// <summary>Kills this process as a power cut would, once a step was executed and its outcome is stored. A step that is taken from the store kills nothing.</summary>
/// <param name="step">The step; null kills nothing.</param>
internal sealed class KillSwitch(string? step)
{
    private bool cached;

    /// <summary>The names of the steps, in the order of the pipeline.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        .. typeof(TrainFlightDelay).GetConstructors().Single().GetParameters()
            .Select(parameter => parameter.ParameterType.GenericTypeArguments.Single().GetCustomAttribute<StepAttribute>()?.Name)
            .OfType<string>(),
    ];

    public IProgress<PipelineEvent> Watch(IProgress<PipelineEvent> next) => step is null ? next : new Switch(this, step, next);

    /// <summary>Says why this process is still alive.</summary>
    public void Warn(IAnsiConsole console)
    {
        if (step is not null)
        {
            console.WriteLine(cached
                ? $"Warning: {step} was taken from the store, so nothing was killed. Use --kill-after with a new --home or another --seed."
                : $"Warning: {step} did not run, so nothing was killed.");
        }
    }

    private sealed class Switch(KillSwitch owner, string step, IProgress<PipelineEvent> next) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value)
        {
            next.Report(value);
            if (value.Path is not { } path || (path != step && !path.StartsWith(step + "[", StringComparison.Ordinal)))
            {
                return;
            }

            owner.cached |= value.Kind == PipelineEventKind.StepCached;
            if (value.Kind == PipelineEventKind.StepFinished)
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
            }
        }
    }
}
