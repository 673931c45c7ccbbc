namespace Mlops.Sdk.Evaluation;

/// <summary>Options of evaluation; section <c>Mlops:Evaluation</c>. Validated at host start.</summary>
public sealed class EvaluationOptions
{
    /// <summary>How many threads one evaluation may use. Default 0: one for each core. Never changes a result.</summary>
    public int MaxThreads { get; set; }
}
