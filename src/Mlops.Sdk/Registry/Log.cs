using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Registry;

/// <summary>Log messages of the registry, 5000 to 5099.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Warning, "The change feed cannot be read for the aliases in memory, trying again in {Seconds:0.#} seconds; until then moves of other processes are noticed by age.")]
    public static partial void AliasFeedFailed(ILogger logger, double seconds, Exception reason);
}
