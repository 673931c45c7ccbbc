namespace Mlops.Sdk.Pipelines;

/// <summary>How a host runs a step, where that differs from what the step's <see cref="StepAttribute"/> declares. Not part of the key.</summary>
public sealed class StepOptions
{
    /// <summary>How often the step may be tried; at least 1.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>The longest that one attempt may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>False for a step that must run every time.</summary>
    public bool Cache { get; set; }
}

/// <summary>What a host says about one step of one pipeline.</summary>
internal sealed record StepOverride(Type Pipeline, Type Step, Action<StepOptions> Configure);
