namespace Mlops.Sdk.Metadata;

/// <summary>Times as SQLite keeps them: whole microseconds since the Unix epoch.</summary>
internal static class SqliteClock
{
    public static long Now(TimeProvider clock) => Microseconds(clock.GetUtcNow());

    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks / TimeSpan.TicksPerMicrosecond) - (DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset Time(long microseconds) => new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
