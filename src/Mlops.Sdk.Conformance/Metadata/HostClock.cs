namespace Mlops.Sdk.Metadata;

/// <summary>The clock of a host that does not agree with the others.</summary>
internal sealed class HostClock : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
