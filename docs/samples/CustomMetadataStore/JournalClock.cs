namespace CustomMetadataStore;

/// <summary>The system's clock, except while a line is applied: then it is the time in the line.</summary>
internal sealed class JournalClock : TimeProvider
{
    private long pinned;

    public override DateTimeOffset GetUtcNow() => Volatile.Read(ref pinned) is not 0 and var ticks ? new(ticks, TimeSpan.Zero) : base.GetUtcNow();

    public void Pin(DateTimeOffset time) => Volatile.Write(ref pinned, time.UtcTicks);

    public void Unpin() => Volatile.Write(ref pinned, 0);
}
