using System.Globalization;
using System.Text;

namespace Mlops.Sdk.Evaluation;

/// <summary>Writes a report for people.</summary>
internal static class GateReportMarkdown
{
    public static string Render(GateReport report)
    {
        var text = new StringBuilder();
        Line(text, $"# Gate {Escape(report.Gate)}: {report.Verdict}");
        Line(text, $"");
        var unit = report.Clusters is { } clusters ? string.Create(CultureInfo.InvariantCulture, $"{report.Rows:N0} rows in {clusters:N0} clusters") : string.Create(CultureInfo.InvariantCulture, $"{report.Rows:N0} rows");
        Line(text, $"`{Escape(report.Metric)}` ({(report.Goal == MetricGoal.Maximize ? "greater" : "smaller")} is better) on {unit}; {report.Confidence * 100:0.###} % intervals from {report.Resamples:N0} paired bootstrap resamples.");
        Line(text, $"");
        Line(text, $"| Check | Verdict | Estimate | Interval | Threshold | Why |");
        Line(text, $"|---|---|---:|---:|---:|---|");
        foreach (var check in report.Checks)
        {
            Line(text, $"| {Escape(check.Name)} | {(check.Verdict is { } verdict ? verdict.ToString() : "not applied")} | {Number(check.Estimate)} | {Interval(check.Low, check.High)} | {Number(check.Threshold)} | {Escape(check.Reason)} |");
        }

        Line(text, $"");
        Line(text, $"| Model | {Escape(report.Metric)} | Interval |");
        Line(text, $"|---|---:|---:|");
        foreach (var model in report.Models)
        {
            Line(text, $"| {Escape(model.Model)} | {Number(model.Estimate)} | {Interval(model.Low, model.High)} |");
        }

        Line(text, $"");
        Line(text, $"Rows `{report.Evidence.Rows}`, seed `{report.Seed}`.");
        return text.ToString();
    }

    public static string Number(double? value) => value is { } number ? number.ToString("0.####", CultureInfo.InvariantCulture) : "–";

    private static string Interval(double? low, double? high) => low is null && high is null ? "–" : $"{Number(low)} to {Number(high)}";

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
