namespace Mlops.Sdk;

/// <summary>The names under which telemetry is published; hand them to OpenTelemetry's <c>AddSource</c> and <c>AddMeter</c>.</summary>
public static class MlopsDiagnostics
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySourceName = "Mlops.Sdk";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string MeterName = "Mlops.Sdk";
}
