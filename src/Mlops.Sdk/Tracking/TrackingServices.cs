using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mlops.Sdk.Tracking;

internal static class TrackingServices
{
    /// <summary>Adds tracking. Idempotent.</summary>
    public static void AddTracking(this IServiceCollection services, IConfiguration? configuration)
    {
        var options = services.AddOptionsWithValidateOnStart<TrackingOptions>();
        if (configuration is not null)
        {
            options.Bind(configuration.GetSection("Tracking"));
        }

        options.Validate(o => o.BufferCapacity is >= 1 and <= 10_000_000, "Mlops:Tracking:BufferCapacity is from 1 to 10,000,000.");
        options.Validate(o => o.BatchSize is >= 1 and <= 100_000, "Mlops:Tracking:BatchSize is from 1 to 100,000.");
        options.Validate(o => IsUsable(o.GitTimeout), "Mlops:Tracking:GitTimeout is from 10 milliseconds to an hour.");
        options.Validate(o => IsUsable(o.FlushInterval), "Mlops:Tracking:FlushInterval is from 10 milliseconds to an hour.");
        options.Validate(o => IsUsable(o.RetryFor), "Mlops:Tracking:RetryFor is from 10 milliseconds to an hour.");
        options.Validate(o => IsUsable(o.DrainTimeout), "Mlops:Tracking:DrainTimeout is from 10 milliseconds to an hour.");
        options.Validate(o => IsUsable(o.HeartbeatInterval), "Mlops:Tracking:HeartbeatInterval is from 10 milliseconds to an hour.");
        options.Validate(o => o.AbandonedAfter >= o.HeartbeatInterval * 3 && o.AbandonedAfter <= TimeSpan.FromDays(30), "Mlops:Tracking:AbandonedAfter is from three times HeartbeatInterval to 30 days.");
        services.TryAddSingleton<TrackingTelemetry>();
        services.TryAddSingleton<RunWriter>();
        services.TryAddSingleton<RunStarter>();
        services.TryAddSingleton<RunDeletion>();
        services.TryAddSingleton<IExperimentTracker, ExperimentTracker>();
        services.AddHealthChecks().AddCheck<MetricSinkHealthCheck>("mlops-metric-sinks", HealthStatus.Degraded, tags: ["mlops"]);
    }

    private static bool IsUsable(TimeSpan time) => time >= TimeSpan.FromMilliseconds(10) && time <= TimeSpan.FromHours(1);
}
