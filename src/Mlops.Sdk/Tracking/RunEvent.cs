using System.Text.Json;

namespace Mlops.Sdk.Tracking;

/// <summary>How a run ends. The id makes it safe to ask again after an unknown outcome.</summary>
internal sealed record RunEnd(Guid Id, string Experiment, RunState State, string? Reason, DateTimeOffset At, long Dropped);

/// <summary>What the events of a run say.</summary>
internal static class RunEvent
{
    public static byte[] Body(string experiment, RunState state, CodeRecord? code = null) =>
        JsonSerializer.SerializeToUtf8Bytes(new RunEventRecord(TrackingJson.CurrentRecord, experiment, TrackingEntities.Text(state), code), TrackingJson.Default.RunEventRecord);
}
