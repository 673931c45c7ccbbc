using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Pipelines;

/// <summary>Log messages of pipelines, 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "Run {Run} started{Resumes}.")]
    public static partial void RunStarted(ILogger logger, string run, string resumes);

    [LoggerMessage(3001, LogLevel.Information, "Run {Run} finished: {Executed} steps executed, {Cached} cached.")]
    public static partial void RunFinished(ILogger logger, string run, int executed, int cached);

    // Without the exception, which the caller gets, and which the last attempt has logged.
    [LoggerMessage(3002, LogLevel.Error, "Run {Run} failed: {Reason}")]
    public static partial void RunFailed(ILogger logger, string run, string reason);

    [LoggerMessage(3003, LogLevel.Information, "Run {Run} was canceled by its caller.")]
    public static partial void RunCanceled(ILogger logger, string run);

    [LoggerMessage(3004, LogLevel.Warning, "Run {Run} was interrupted because the host is shutting down; run it again to go on.")]
    public static partial void RunInterrupted(ILogger logger, string run);

    [LoggerMessage(3005, LogLevel.Warning, "The end of {What} could not be stored; it stays Running until it is run again.")]
    public static partial void EndNotStored(ILogger logger, Exception error, string what);

    [LoggerMessage(3006, LogLevel.Warning, "The options of pipeline {Pipeline} have no canonical encoding, so that an interrupted run is not found again: {Problem}. Finished steps are still not run twice.")]
    public static partial void OptionsHaveNoDigest(ILogger logger, string pipeline, string problem);

    [LoggerMessage(3010, LogLevel.Debug, "Step {Path} of run {Run} was taken from attempt {Origin}.")]
    public static partial void StepCached(ILogger logger, string path, string run, string origin);

    [LoggerMessage(3011, LogLevel.Debug, "Attempt {Attempt} finished.")]
    public static partial void AttemptFinished(ILogger logger, string attempt);

    [LoggerMessage(3012, LogLevel.Warning, "Attempt {Attempt} failed.")]
    public static partial void AttemptFailed(ILogger logger, Exception error, string attempt);

    [LoggerMessage(3020, LogLevel.Warning, "Step {Step} is never cached, because of its {What}: {Problem}.")]
    public static partial void NeverCached(ILogger logger, string step, string what, string problem);

    [LoggerMessage(3021, LogLevel.Warning, "The cached output of step {Path} cannot be used, so the step runs: {Problem}.")]
    public static partial void CachedOutputUnusable(ILogger logger, string path, string problem);

    [LoggerMessage(3022, LogLevel.Warning, "The code of step {Step} cannot be fingerprinted, because {Problem}; its key holds the declared name and version only, so raise Version when the code changes.")]
    public static partial void CodeIsDeclared(ILogger logger, string step, string problem);

    [LoggerMessage(3023, LogLevel.Warning, "Step {Path} gave another output than attempt {Origin}, which has the same key and was first; that one is used. Take randomness from StepContext.Seed and everything else from the input.")]
    public static partial void NotReproducible(ILogger logger, string path, string origin);

    [LoggerMessage(3030, LogLevel.Warning, "The receiver of progress events of run {Run} threw.")]
    public static partial void ProgressThrew(ILogger logger, Exception error, string run);
}
