using Microsoft.Extensions.Logging;

namespace Mlops.Sdk;

/// <summary>Log messages of the host, 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "Opened the metadata store: {System}, id {StoreId}, schema {SchemaVersion}.")]
    public static partial void StoreOpened(ILogger logger, string system, Guid storeId, int schemaVersion);

    [LoggerMessage(1001, LogLevel.Warning, "The {Store} is not open yet; trying again.")]
    public static partial void StoreNotYetOpen(ILogger logger, string store, Exception? reason);
}
