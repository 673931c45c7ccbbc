using System.Globalization;

namespace Mlops.Sdk.Evaluation;

/// <summary>Turns resampled values into verdicts. The rules and their sources stand in docs/evaluation.md.</summary>
internal sealed class GateJudge(GatePolicy policy, int rows, int? clusters)
{
    private readonly bool greaterIsBetter = policy.Metric.Goal == MetricGoal.Maximize;

    public static Verdict Overall(IReadOnlyList<GateCheck> checks) =>
        checks.Any(check => check.Verdict == Verdict.Fail) ? Verdict.Fail
        : checks.Any(check => check.Verdict == Verdict.Inconclusive) || checks.All(check => check.Verdict is null) ? Verdict.Inconclusive
        : Verdict.Pass;

    public GateCheck Floor(ScoredModel candidate, double floor)
    {
        var unjudged = Unjudged(GateCheck.Floor, floor, candidate.Estimate, candidate);
        if (unjudged is not null)
        {
            return unjudged;
        }

        var interval = Interval.OfResamples(candidate.Resamples!, policy.Confidence);
        var verdict = greaterIsBetter
            ? Decide(interval.Low >= floor, interval.High < floor)
            : Decide(interval.High <= floor, interval.Low > floor);
        return Judged(GateCheck.Floor, verdict, candidate.Estimate, interval, floor, $"{policy.Metric.Name} of the candidate");
    }

    public GateCheck BetterThanBaseline(ScoredModel candidate, ScoredModel? baseline, double margin) => baseline is null
        ? NotJudged(GateCheck.BetterThanBaseline, Verdict.Inconclusive, margin, null, "The policy asks for a baseline to beat, but no baseline scores were given.")
        : Compare(GateCheck.BetterThanBaseline, candidate, baseline, margin, static (low, threshold) => threshold > 0 ? low >= threshold : low > threshold);

    public GateCheck NotWorseThanChampion(ScoredModel candidate, ScoredModel? champion, double margin) => champion is null
        ? NotJudged(GateCheck.NotWorseThanChampion, null, null, null, "There is no champion yet, so there is nothing to be worse than.")
        : Compare(GateCheck.NotWorseThanChampion, candidate, champion, 0 - margin, static (low, threshold) => low > threshold);

    private GateCheck Compare(string name, ScoredModel candidate, ScoredModel other, double threshold, Func<double?, double, bool> reaches)
    {
        var estimate = Difference(candidate.Estimate, other.Estimate);
        var unjudged = Unjudged(name, threshold, estimate, candidate, other);
        if (unjudged is not null)
        {
            return unjudged;
        }

        // Both models on the same resample: what makes rows easy or hard for both cancels out.
        var differences = new double[policy.Resamples];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = Difference(candidate.Resamples![i], other.Resamples![i])!.Value;
        }

        var interval = Interval.OfResamples(differences, policy.Confidence);
        return Judged(name, Decide(reaches(interval.Low, threshold), interval.High < threshold), estimate, interval, threshold, $"the advantage over the {other.Name}");
    }

    /// <summary>Adding zero turns −0 into 0, which JSON would keep apart.</summary>
    private double? Difference(double? candidate, double? other) => (greaterIsBetter ? candidate - other : other - candidate) + 0.0;

    private static Verdict Decide(bool pass, bool fail) => pass ? Verdict.Pass : fail ? Verdict.Fail : Verdict.Inconclusive;

    private GateCheck? Unjudged(string name, double threshold, double? estimate, params ReadOnlySpan<ScoredModel> models)
    {
        foreach (var model in models)
        {
            if (model.Broken is not null)
            {
                return NotJudged(name, Verdict.Fail, threshold, null, model.Broken);
            }
        }

        var reason = rows < policy.MinRows ? string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows are fewer than the {policy.MinRows:N0} that the gate asks for.")
            : clusters < policy.MinClusters ? string.Create(CultureInfo.InvariantCulture, $"{clusters:N0} clusters are fewer than the {policy.MinClusters:N0} that the gate asks for.")
            : null;
        foreach (var model in models)
        {
            reason ??= model.Degenerate is null ? null : $"{model.Degenerate}.";
        }

        return reason is null ? null : NotJudged(name, Verdict.Inconclusive, threshold, estimate, reason);
    }

    private GateCheck Judged(string name, Verdict verdict, double? estimate, Interval interval, double threshold, string what)
    {
        var bounds = string.Create(CultureInfo.InvariantCulture, $"{Text(interval.Low)} to {Text(interval.High)}");
        var reason = verdict switch
        {
            Verdict.Pass => $"All of the interval {bounds} of {what} is on the good side of {Text(threshold)}.",
            Verdict.Fail => $"All of the interval {bounds} of {what} is on the bad side of {Text(threshold)}.",
            _ when interval.Low is null || interval.High is null =>
                string.Create(CultureInfo.InvariantCulture, $"{what} is not defined on {interval.Undefined:N0} of {policy.Resamples:N0} resamples, so its interval is not bounded: more rows are needed."),
            _ => $"The interval {bounds} of {what} holds {Text(threshold)}: more rows would decide.",
        };
        return new() { Name = name, Verdict = verdict, Estimate = estimate, Low = interval.Low, High = interval.High, Threshold = threshold, Rows = rows, Reason = char.ToUpperInvariant(reason[0]) + reason[1..] };
    }

    private GateCheck NotJudged(string name, Verdict? verdict, double? threshold, double? estimate, string reason) =>
        new() { Name = name, Verdict = verdict, Estimate = estimate, Threshold = threshold, Rows = rows, Reason = reason };

    private static string Text(double? value) => value is { } number ? number.ToString("0.#####", CultureInfo.InvariantCulture) : "no bound";
}
