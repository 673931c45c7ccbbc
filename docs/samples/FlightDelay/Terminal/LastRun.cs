using FlightDelay.Steps;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Evaluation;

namespace FlightDelay.Terminal;

/// <summary>What people open after a run, as plain files beside the stores.</summary>
internal static class LastRun
{
    public static string QuarantineOf(SampleOptions options) => Path.Combine(options.Home.FullName, "quarantine.csv");

    public static string GateReportOf(SampleOptions options) => Path.Combine(options.Home.FullName, "gate-report.md");

    public static async Task WriteAsync(SampleOptions options, ValidatedFlights flights, GateReport? gate, IArtifactStore artifacts, CancellationToken cancellationToken)
    {
        await using (var quarantine = await artifacts.OpenReadAsync(flights.Quarantine.Digest, cancellationToken))
        {
            await ReplaceAsync(QuarantineOf(options), quarantine, cancellationToken);
        }

        if (gate is not null)
        {
            using var report = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(gate.ToMarkdown()));
            await ReplaceAsync(GateReportOf(options), report, cancellationToken);
        }
    }

    private static async Task ReplaceAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        var temporary = path + ".tmp";
        await using (var file = File.Create(temporary))
        {
            await content.CopyToAsync(file, cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
