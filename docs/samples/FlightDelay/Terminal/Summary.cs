using System.Globalization;
using FlightDelay.Steps;
using FlightDelay.Training;
using Mlops.Sdk.Evaluation;
using Mlops.Sdk.Pipelines;
using Spectre.Console;

namespace FlightDelay.Terminal;

/// <summary>What a person wants to know at the end.</summary>
internal sealed class Summary(IAnsiConsole console, SampleOptions options)
{
    private const int MaxReasons = 10;

    public void Write(PipelineResult<TrainResult> run, GateReport? gate)
    {
        var result = run.Output;
        Separate();
        var facts = Facts();
        Add(facts, "Question", "which flights arrive late, that is 15 minutes or more after schedule");
        AddFlights(facts, result.Flights);
        Add(facts, "Split", $"{Count(result.Split.TrainRows)} to train (January to April), {Count(result.Split.HoldOutRows)} held out (May), {Count(result.Split.PredictRows)} to predict (June)");
        if (result.Model is not { } model || gate is null)
        {
            AddEnd(facts, run, gateReport: false);
            console.Write(facts);
            console.MarkupLineInterpolated($"[yellow]Inconclusive[/]: training and hold-out need {TrainFlightDelay.MinRows:N0} valid flights each. Use a file that has flights from January to May.");
            WriteNext(run);
            return;
        }

        console.Write(facts);
        WriteCandidates(result.Candidates, model.Best, gate);
        facts = Facts();
        AddVerdict(facts, gate);
        Add(facts, "Version", $"{model.Version} of {FlightModel.Name}, {model.Best.Candidate.Trainer}{(model.IsOlder ? "; this model is registered already" : "")}");
        Add(facts, "", model.Best.Candidate.ModelDigest.ToString());
        Add(facts, "Alias", Alias(model));
        if (result.Predicted is { } june)
        {
            AddJune(facts, june, model);
        }

        AddEnd(facts, run, gateReport: true);
        console.Write(facts);
        WriteNext(run);
    }

    public void Write(PipelineResult<LeakResult> run)
    {
        var (honest, leak) = (run.Output.Honest, run.Output.Leak);
        var table = new Table().RoundedBorder().AddColumns("features", "ROC AUC", "log loss", "Brier");
        AlignNumbers(table);
        table.AddRow("known when the flight leaves", Number(honest.Scores.RocAuc), Number(honest.Scores.LogLoss), Number(honest.Scores.Brier));
        table.AddRow("leak: all earlier departures", Number(leak.Scores.RocAuc), Number(leak.Scores.LogLoss), Number(leak.Scores.Brier));
        Separate();
        console.Write(table);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"On May the leak looks [red]{Shown(leak.Scores.RocAuc) - Shown(honest.Scores.RocAuc):+0.0000;-0.0000}[/] ROC AUC better, which no service would ever see: the delays that it knew were still in the air.");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{run.StepsExecuted} steps executed, {run.StepsCached} cached. Nothing was registered.");
    }

    private static void AddFlights(Grid facts, ValidatedFlights flights)
    {
        Add(facts, "Flights", $"{Count(flights.Rows)} read, {Count(flights.ValidRows)} valid, {Count(flights.QuarantinedRows)} quarantined{(flights.Reasons.Values.Sum() > flights.QuarantinedRows ? " (a flight can break several rules)" : "")}");
        foreach (var (reason, rows) in flights.Reasons.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Take(MaxReasons))
        {
            Add(facts, "", $"{Count(rows)} × {reason}");
        }

        if (flights.Reasons.Count > MaxReasons)
        {
            Add(facts, "", $"… and {flights.Reasons.Count - MaxReasons} more");
        }

        Add(facts, "Data set", flights.Valid.Digest.ToString());
    }

    private void WriteCandidates(IReadOnlyList<ScoredCandidate> candidates, ScoredCandidate best, GateReport gate)
    {
        var table = new Table().RoundedBorder().AddColumns("on May", "ROC AUC", "log loss", "Brier", "expected late", "were late");
        AlignNumbers(table);
        foreach (var candidate in candidates.OrderByDescending(c => c.Scores.RocAuc))
        {
            var (name, scores) = (candidate.Candidate.Trainer.ToString(), candidate.Scores);
            table.AddRow(candidate == best ? $"[bold]{name}[/]" : name, Number(scores.RocAuc), Number(scores.LogLoss), Number(scores.Brier), Share(scores.ShareExpected), Share(scores.ShareLate));
        }

        foreach (var model in gate.Models.Where(m => m.Model != "candidate"))
        {
            table.AddRow(model.Model == "baseline" ? "share late by hour" : model.Model, model.Estimate is { } auc ? Number(auc) : "", "", "", "", "");
        }

        console.Write(table);
    }

    private static void AddVerdict(Grid facts, GateReport gate)
    {
        var colour = gate.Verdict switch { Verdict.Pass => "green", Verdict.Fail => "red", _ => "yellow" };
        facts.AddRow(new Markup("Verdict"), new Markup($"[{colour} bold]{gate.Verdict}[/] [grey]({gate.Confidence * 100:0.#} % intervals over {gate.Clusters} days)[/]"));
        foreach (var check in gate.Checks)
        {
            Add(facts, "", check.Verdict is null
                ? $"{check.Name}: {check.Reason}"
                : string.Create(CultureInfo.InvariantCulture, $"{check.Name}: {check.Verdict}, {check.Estimate:0.0000} ({check.Low:0.0000} to {check.High:0.0000}), needs {check.Threshold:0.####}"));
        }
    }

    private static void AddJune(Grid facts, PredictedFlights june, TrainedModel model)
    {
        var may = june.Version == model.Version ? $", May {Number(model.Best.Scores.RocAuc)}" : "";
        Add(facts, "June", $"ROC AUC {Number(june.Scores.RocAuc)}{may}; {Share(june.Scores.ShareExpected)} expected late, {Share(june.Scores.ShareLate)} were, by version {june.Version}");
    }

    private static string Alias(TrainedModel model) => (model.Champion, model.Met) switch
    {
        (null, _) => "none: nothing has passed the gate yet",
        ({ } now, { } met) when model.IsOlder => $"{Champion.Alias} stays at {now}: version {model.Version} is older than {met.Version}, and a run does not go back",
        ({ } now, { } met) when met.Version == now => $"{Champion.Alias} stays at {now}",
        ({ } now, { } met) => $"{Champion.Alias} → {now}, was {met.Version}",
        ({ } now, null) => $"{Champion.Alias} → {now}",
    };

    private void AddEnd(Grid facts, PipelineResult<TrainResult> run, bool gateReport)
    {
        Add(facts, "Steps", string.Create(CultureInfo.InvariantCulture, $"{run.StepsExecuted} executed, {run.StepsCached} cached, {run.Duration.TotalSeconds:0.0} s"));
        Add(facts, "Where", options.Database);
        Add(facts, "", $"{options.Artifacts}{Path.DirectorySeparatorChar}");
        Add(facts, "", LastRun.QuarantineOf(options));
        if (gateReport)
        {
            Add(facts, "", LastRun.GateReportOf(options));
        }
    }

    /// <summary>Past the console, which would break a long line: a command stays one line, to be pasted.</summary>
    private void WriteNext(PipelineResult<TrainResult> run)
    {
        var writer = console.Profile.Out.Writer;
        writer.WriteLine("Next");
        foreach (var (why, command) in NextCommands.After(run, options))
        {
            writer.WriteLine($"  # {why}");
            writer.WriteLine($"  {command}");
        }
    }

    /// <summary>A blank line below the progress, which a pipe does not see.</summary>
    private void Separate()
    {
        if (console.Profile.Capabilities.Interactive)
        {
            console.WriteLine();
        }
    }

    private static void AlignNumbers(Table table)
    {
        foreach (var column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }
    }

    private static Grid Facts() => new Grid().AddColumn(new GridColumn { Width = 8, NoWrap = true, Padding = new(0, 0, 1, 0) }).AddColumn(new GridColumn { Padding = new(0, 0, 0, 0) });

    private static void Add(Grid facts, string name, string value) => facts.AddRow(new Text(name), new Text(value));

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>As <see cref="Number"/> shows it, so that differences are those of the numbers that are seen.</summary>
    private static double Shown(double value) => Math.Round(value, 4, MidpointRounding.AwayFromZero);

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("0.0 %", CultureInfo.InvariantCulture);
}
