using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mlops.Sdk;

/// <summary><c>mlops doctor</c>: what this host runs on, and whether its stores and models are well.</summary>
internal static class DoctorCommand
{
    public static Command Create(Verb verb)
    {
        var doctor = new Command("doctor", "Checks the runtime, the stores and the models of this host. Exit code 2 when something is unhealthy.");
        doctor.SetAction(async (parsed, cancellationToken) =>
        {
            var report = new Report("check", "state", "detail");
            report.Add(".NET", "ok", RuntimeInformation.FrameworkDescription);
            report.Add("system", "ok", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
            var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
            report.Add("resources", "ok", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {memory:0.0} GiB for this process"));
            await StoresAsync(verb, report, cancellationToken).ConfigureAwait(false);
            report.Write(parsed.InvocationConfiguration.Output, parsed.GetValue(verb.Format));
            return report.ExitCode;
        });
        return doctor;
    }

    private static async Task StoresAsync(Verb verb, Report report, CancellationToken cancellationToken)
    {
        try
        {
            await verb.Services.OpenMlopsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            report.Add("stores", "fail", e.Message);
            report.ExitCode = 2;
            return;
        }

        await verb.Services.RefreshPredictorsAsync(cancellationToken).ConfigureAwait(false);
        var health = await verb.Get<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains("mlops"), cancellationToken).ConfigureAwait(false);
        foreach (var (name, entry) in health.Entries)
        {
            var state = entry.Status switch { HealthStatus.Healthy => "ok", HealthStatus.Degraded => "degraded", _ => "fail" };
            report.Add(name, state, entry.Description ?? "");
        }

        report.ExitCode = health.Status == HealthStatus.Unhealthy ? 2 : 0;
    }
}
