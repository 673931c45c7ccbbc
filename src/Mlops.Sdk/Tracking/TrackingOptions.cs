namespace Mlops.Sdk.Tracking;

/// <summary>Options of tracking; section <c>Mlops:Tracking</c>. Validated at host start.</summary>
public sealed class TrackingOptions
{
    /// <summary>Whether the git commit and the uncommitted diff are recorded with each run. Default true. The diff is stored as it is: switch it off where sources may hold secrets.</summary>
    public bool CaptureCode { get; set; } = true;

    /// <summary>Whether names and versions of the loaded assemblies are recorded with each run. Default true.</summary>
    public bool CapturePackages { get; set; } = true;

    /// <summary>Refuses to start a run whose tracked source files are known to differ from the commit. Default false. Needs <see cref="CaptureCode"/>.</summary>
    public bool RefuseDirty { get; set; }

    /// <summary>A folder of the repository; null for the working directory.</summary>
    public string? SourceDirectory { get; set; }

    /// <summary>How long git may take in all, from 10 milliseconds to an hour, as all times here. Default 10 seconds; then the run starts without a code version.</summary>
    public TimeSpan GitTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a run that is being written gives a sign of life when nothing else is written. Default 15 seconds.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After how long a silence a running run counts as abandoned, at least three times <see cref="HeartbeatInterval"/>. Default 2 minutes. The same on every host of a store.</summary>
    public TimeSpan AbandonedAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many points of one run may wait for one sink, from 1 to 10,000,000. Default 100,000; what comes on top is dropped and counted, or waits (<see cref="ITrackedRun.LogMetricsAsync"/>).</summary>
    public int BufferCapacity { get; set; } = 100_000;

    /// <summary>How many points a sink gets at once, from 1 to 100,000. Default 1,000.</summary>
    public int BatchSize { get; set; } = 1_000;

    /// <summary>How long a point may wait for others before it is written. Default 1 second.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a sink that fails transiently is tried again, counted from the first failure of the outage. Default 5 minutes; then each batch gets one attempt and is dropped and counted, until one succeeds.
    /// </summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the end of a run waits for the sinks, and tries again to store the end itself. Default 90 seconds; the points that are left are dropped and counted.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(90);
}
