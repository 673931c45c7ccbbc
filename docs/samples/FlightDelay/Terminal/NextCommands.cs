using System.Globalization;
using FlightDelay.Training;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Terminal;

/// <summary>What makes sense after a run, as commands to paste.</summary>
internal static class NextCommands
{
    public static IEnumerable<(string Why, string Command)> After(PipelineResult<TrainResult> run, SampleOptions options)
    {
        // After an older model was found again, the seeds up to the champion's version have probably been tried.
        var tried = run.Output.Model is { IsOlder: true, Met: { } met } ? Math.Max(options.Seed, met.Version) : options.Seed;
        var next = tried == int.MaxValue ? SampleOptions.Default.Seed : tried + 1;
        if (run.Output.Model is null)
        {
            yield return ("the committed flights are enough to train on", Of(options with { Data = SampleOptions.Default.Data }));
            yield break;
        }

        if (run.StepsExecuted > 0)
        {
            yield return ("the same again: no step is executed twice", Of(options));
        }

        yield return (run.Output.Model.Champion is null ? "another model" : "a challenger meets the champion", Of(options with { Seed = next }));
        yield return ("how good it would look with a look into the future", Of(options, "--leak"));
        yield return ("what is registered, and why", Mlops(options, $"models show {FlightModel.Name}"));
        yield return ("every fit with its metrics", Mlops(options, "runs list"));
    }

    private static string Of(SampleOptions options, params string[] more) => Line(
    [
        .. Home(options),
        .. options.Data.FullName == SampleOptions.Default.Data.FullName ? [] : (string[])["--data", Quoted(options.Data.ToString())],
        .. options.Seed == SampleOptions.Default.Seed ? [] : (string[])["--seed", options.Seed.ToString(CultureInfo.InvariantCulture)],
        .. more,
    ]);

    private static string Mlops(SampleOptions options, string verb) => Line([.. Home(options), "mlops", verb]);

    private static string[] Home(SampleOptions options) => options.Home.FullName == SampleOptions.Default.Home.FullName ? [] : ["--home", Quoted(options.Home.ToString())];

    private static string Line(string[] args) => string.Join(' ', ["dotnet run -c Release --project docs/samples/FlightDelay", .. args.Length > 0 ? (string[])["--"] : [], .. args]);

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
