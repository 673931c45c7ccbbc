using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mlops.Sdk.Tracking;

/// <summary>Whether metric points reach their sinks.</summary>
internal sealed class MetricSinkHealthCheck(TrackingTelemetry telemetry) : IHealthCheck
{
    /// <summary>How long a loss is reported.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] troubles =
        [
            .. telemetry.FailingSinks.Order(StringComparer.Ordinal).Select(sink => $"metric sink '{sink}' cannot be reached and is tried again"),
            .. telemetry.DroppingSinks(Memory).Order(StringComparer.Ordinal).Select(sink => $"metric sink '{sink}' lost points within the last {Memory.TotalMinutes:0} minutes"),
        ];
        return Task.FromResult(troubles.Length == 0 ? HealthCheckResult.Healthy() : new(context.Registration.FailureStatus, string.Join("; ", troubles)));
    }
}
