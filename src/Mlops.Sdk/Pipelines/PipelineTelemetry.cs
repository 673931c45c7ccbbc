using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mlops.Sdk.Pipelines;

/// <summary>Spans for runs and steps, and how long steps take.</summary>
internal sealed class PipelineTelemetry(IMeterFactory meters) : IDisposable
{
    private readonly ActivitySource source = new(MlopsDiagnostics.ActivitySourceName);
    private readonly Histogram<double> duration = meters.Create(MlopsDiagnostics.MeterName)
        .CreateHistogram<double>("mlops.pipeline.step.duration", "s", "How long a step took, from its turn to its stored outcome.");

    public Activity? StartRun(string pipeline, string run)
    {
        var activity = source.StartActivity($"pipeline {pipeline}");
        activity?.SetTag("mlops.pipeline", pipeline).SetTag("mlops.run.id", run);
        return activity;
    }

    public Activity? StartStep(string pipeline, string run, string step, string path)
    {
        var activity = source.StartActivity($"step {step}");
        activity?.SetTag("mlops.pipeline", pipeline).SetTag("mlops.run.id", run).SetTag("mlops.step", step).SetTag("mlops.step.path", path);
        return activity;
    }

    public void StepEnded(Activity? activity, string pipeline, string step, string outcome, TimeSpan elapsed)
    {
        activity?.SetTag("mlops.outcome", outcome);
        if (outcome is PipelineStates.Failed)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
        }

        duration.Record(elapsed.TotalSeconds, new TagList { { "mlops.pipeline", pipeline }, { "mlops.step", step }, { "mlops.outcome", outcome } });
    }

    public void Dispose() => source.Dispose();
}
