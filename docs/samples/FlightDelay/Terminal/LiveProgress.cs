using System.Globalization;
using Mlops.Sdk.Pipelines;
using Spectre.Console;

namespace FlightDelay.Terminal;

/// <summary>Shows the steps of a run while it runs: bars on a terminal, one line for each finished step elsewhere.</summary>
internal static class LiveProgress
{
    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<IProgress<PipelineEvent>, Task<T>> run) =>
        console.Profile.Capabilities.Interactive
            ? console.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new ElapsedTimeColumn(), new SpinnerColumn())
                .StartAsync(context => run(new Bars(context)))
            : run(new Lines(console));

    private static string Name(string path) => Markup.Escape(path.PadRight(12));

    private sealed class Bars(ProgressContext context) : IProgress<PipelineEvent>
    {
        private readonly Dictionary<string, ProgressTask> tasks = [];

        public void Report(PipelineEvent value)
        {
            if (value.Path is not { } path)
            {
                return;
            }

            if (!tasks.TryGetValue(path, out var task))
            {
                tasks[path] = task = context.AddTask(Name(path), maxValue: 1);
                task.IsIndeterminate = true;
            }

            switch (value.Kind)
            {
                case PipelineEventKind.StepProgress when value.Progress is { } progress:
                    task.IsIndeterminate = double.IsNaN(progress.Fraction);
                    task.Value = double.IsNaN(progress.Fraction) ? 0 : progress.Fraction;
                    task.Description = progress.Message is { } message ? $"{Name(path)} [grey]{Markup.Escape(message)}[/]" : task.Description;
                    break;
                case PipelineEventKind.StepFinished:
                    Stop(task, 1);
                    break;
                case PipelineEventKind.StepCached:
                    task.Description = $"{Name(path)} [grey]cached[/]";
                    Stop(task, 1);
                    break;
                case PipelineEventKind.StepFailed:
                    task.Description = $"[red]{Name(path)}[/]";
                    Stop(task, task.Value);
                    break;
            }
        }

        private static void Stop(ProgressTask task, double value)
        {
            task.IsIndeterminate = false;
            task.Value = value;
            task.StopTask();
        }
    }

    private sealed class Lines(IAnsiConsole console) : IProgress<PipelineEvent>
    {
        public void Report(PipelineEvent value)
        {
            var what = value.Kind switch
            {
                PipelineEventKind.StepFinished => string.Create(CultureInfo.InvariantCulture, $"{value.Duration?.TotalSeconds:0.0} s"),
                PipelineEventKind.StepCached => "cached",
                PipelineEventKind.StepRetrying => "failed, trying again",
                PipelineEventKind.StepFailed => "failed",
                _ => null,
            };
            if (what is not null && value.Path is { } path)
            {
                console.MarkupLine($"{Name(path)} {what}");
            }
        }
    }
}
