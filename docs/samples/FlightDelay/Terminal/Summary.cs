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
    public void Write(PipelineResult<TrainResult> run, GateReport? gate)
    {
        var result = run.Output;
        console.WriteLine();
        var facts = Facts();
        AddFlights(facts, result.Flights);
        Add(facts, "Split", $"{Count(result.Split.TrainRows)} to train (January to April), {Count(result.Split.HoldOutRows)} held out (May), {Count(result.Split.PredictRows)} to predict (June)");
        console.Write(facts);
        if (result.Model is not { } model || gate is null)
        {
            console.MarkupLineInterpolated($"[yellow]Inconclusive[/]: training and hold-out need {TrainFlightDelay.MinRows:N0} valid flights each. Use a file that has flights from January to May.");
            return;
        }

        WriteCandidates(result.Candidates, model.Best, gate);
        facts = Facts();
        AddVerdict(facts, gate);
        Add(facts, "Version", $"{model.Version} of {FlightModel.Name}, {model.Best.Candidate.Trainer}");
        Add(facts, "", model.Best.Candidate.ModelDigest.ToString());
        Add(facts, "Alias", model.Champion is { } champion ? $"{Champion.Alias} → {champion}{(model.Met is { } met && met.Version != champion ? $", was {met.Version}" : "")}" : "none: nothing has passed the gate yet");
        if (result.Predicted is { } june)
        {
            AddJune(facts, june, model);
        }

        Add(facts, "Steps", string.Create(CultureInfo.InvariantCulture, $"{run.StepsExecuted} executed, {run.StepsCached} cached, {run.Duration.TotalSeconds:0.0} s"));
        AddPlaces(facts);
        console.Write(facts);
    }

    public void Write(PipelineResult<LeakResult> run)
    {
        var (honest, leak) = (run.Output.Honest, run.Output.Leak);
        var table = new Table().RoundedBorder().AddColumns("features", "ROC AUC", "log loss", "Brier");
        table.AddRow("known when the flight leaves", Number(honest.Scores.RocAuc), Number(honest.Scores.LogLoss), Number(honest.Scores.Brier));
        table.AddRow("leak: all earlier departures", Number(leak.Scores.RocAuc), Number(leak.Scores.LogLoss), Number(leak.Scores.Brier));
        console.WriteLine();
        console.Write(table);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"On May the leak looks [red]{leak.Scores.RocAuc - honest.Scores.RocAuc:+0.0000;-0.0000}[/] ROC AUC better, which no service would ever see: the delays that it knew were still in the air.");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{run.StepsExecuted} steps executed, {run.StepsCached} cached. Nothing was registered.");
    }

    private static void AddFlights(Grid facts, ValidatedFlights flights)
    {
        Add(facts, "Flights", $"{Count(flights.Rows)} read, {Count(flights.ValidRows)} valid, {Count(flights.QuarantinedRows)} quarantined");
        foreach (var (reason, rows) in flights.Reasons.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Take(5))
        {
            Add(facts, "", $"{Count(rows)} × {reason}");
        }

        Add(facts, "Data set", flights.Valid.Digest.ToString());
    }

    private void WriteCandidates(IReadOnlyList<ScoredCandidate> candidates, ScoredCandidate best, GateReport gate)
    {
        var table = new Table().RoundedBorder().AddColumns("on May", "ROC AUC", "log loss", "Brier", "expected late", "were late");
        foreach (var column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }

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

    private void AddPlaces(Grid facts)
    {
        Add(facts, "Where", options.Database);
        Add(facts, "", $"{options.Artifacts}{Path.DirectorySeparatorChar}");
        Add(facts, "", LastRun.QuarantineOf(options));
        Add(facts, "", LastRun.GateReportOf(options));
        Add(facts, "Next", "the same command again: nothing is computed twice");
        Add(facts, "", "--seed 2: a challenger meets the champion");
        Add(facts, "", "--leak: how good it would look with a look into the future");
        Add(facts, "", $"mlops models show {FlightModel.Name}: what is registered, and why");
    }

    private static Grid Facts() => new Grid().AddColumn(new GridColumn { Width = 8, NoWrap = true, Padding = new(0, 0, 1, 0) }).AddColumn(new GridColumn { Padding = new(0, 0, 0, 0) });

    private static void Add(Grid facts, string name, string value) => facts.AddRow(new Text(name), new Text(value));

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("0.0 %", CultureInfo.InvariantCulture);
}
