namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Times of the store as they are stored: microseconds since the Unix epoch.</summary>
internal static class SqlTime
{
    public static DateTimeOffset Read(long microseconds) => new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static long Write(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
