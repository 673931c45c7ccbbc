using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Serving;

/// <summary>Log messages of serving, 6000 to 6099.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Debug, "Loading version {Version} of model {Model} for alias {Alias}.")]
    public static partial void Loading(ILogger logger, string model, int version, string alias);

    [LoggerMessage(6001, LogLevel.Information, "Serving version {Version} of model {Model} for alias {Alias} after {Milliseconds:0} ms.")]
    public static partial void Serving(ILogger logger, string model, int version, string alias, double milliseconds);

    [LoggerMessage(6002, LogLevel.Warning, "Model {Model}, alias {Alias}, {State}")]
    public static partial void Refused(ILogger logger, string model, string alias, string state);

    [LoggerMessage(6003, LogLevel.Warning, "Version {Version} of model {Model} was replaced, but releasing it failed; it may hold memory.")]
    public static partial void DisposeFailed(ILogger logger, string model, int version, Exception reason);

    [LoggerMessage(6004, LogLevel.Warning, "The change feed cannot be read; aliases are looked at every {Seconds:0} seconds until it can.")]
    public static partial void FeedFailed(ILogger logger, double seconds, Exception reason);
}
