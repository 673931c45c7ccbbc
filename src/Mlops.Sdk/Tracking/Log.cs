using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Tracking;

/// <summary>Log messages of tracking, 4000 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Run {RunId} of experiment {Experiment} started.")]
    public static partial void RunStarted(ILogger logger, string runId, string experiment);

    [LoggerMessage(4001, LogLevel.Information, "Run {RunId} of experiment {Experiment} ended: {State}.")]
    public static partial void RunEnded(ILogger logger, string runId, string experiment, RunState state);

    [LoggerMessage(4002, LogLevel.Warning, "The buffer before metric sink {Sink} is full; run {RunId} drops points. They are counted.")]
    public static partial void PointsDropped(ILogger logger, string sink, string runId);

    [LoggerMessage(4003, LogLevel.Warning, "Metric sink {Sink} failed; run {RunId} dropped {Points} points.")]
    public static partial void SinkFailed(ILogger logger, string sink, string runId, int points, Exception reason);

    [LoggerMessage(4004, LogLevel.Warning, "Metric sink {Sink} did not take all points of run {RunId} in time; {Points} were dropped.")]
    public static partial void SinkTooSlow(ILogger logger, string sink, string runId, long points);

    [LoggerMessage(4005, LogLevel.Debug, "The code version was not captured: git is missing, took too long, or found no commit.")]
    public static partial void NoCodeVersion(ILogger logger);

    [LoggerMessage(4006, LogLevel.Warning, "Run {RunId} was disposed, but its end could not be stored.")]
    public static partial void EndNotStored(ILogger logger, string runId, Exception reason);

    [LoggerMessage(4008, LogLevel.Information, "Run {RunId} of experiment {Experiment} was resumed.")]
    public static partial void RunResumed(ILogger logger, string runId, string experiment);

    [LoggerMessage(4009, LogLevel.Warning, "The sign of life of run {RunId} could not be stored; others may take the run for abandoned.")]
    public static partial void NoSignOfLife(ILogger logger, string runId, Exception reason);

    [LoggerMessage(4010, LogLevel.Warning, "Metric sink {Sink} cannot be reached and is tried again; run {RunId} keeps up to {Capacity} points meanwhile.")]
    public static partial void SinkTriedAgain(ILogger logger, string sink, string runId, int capacity, Exception reason);

    [LoggerMessage(4011, LogLevel.Information, "Metric sink {Sink} takes points of run {RunId} again, or the run is over.")]
    public static partial void SinkRecovered(ILogger logger, string sink, string runId);

    [LoggerMessage(4007, LogLevel.Information, "Run {RunId}: {Metric} = {Value} at step {Step}.")]
    public static partial void Metric(ILogger logger, string runId, string metric, double value, long step);
}
