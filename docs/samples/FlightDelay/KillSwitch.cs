using System.Diagnostics;
using Mlops.Sdk.Pipelines;

namespace FlightDelay;

/// <summary>Kills this process as a power cut would, once the outcome of a step is stored.</summary>
internal static class KillSwitch
{
    public static IProgress<PipelineEvent> After(string? step, IProgress<PipelineEvent> next) => step is null ? next : new Switch(step, next);

    private sealed class Switch(string step, IProgress<PipelineEvent> next) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value)
        {
            next.Report(value);
            if (value.Kind == PipelineEventKind.StepFinished && value.Path is { } path && (path == step || path.StartsWith(step + "[", StringComparison.Ordinal)))
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
            }
        }
    }
}
