using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Evaluation;

/// <summary>Decides from held-out rows whether a model is good enough. Thread-safe.</summary>
public interface IModelEvaluator
{
    /// <summary>Judges the candidate and stores the report. A model that is not good enough is a value, not an exception. Idempotent: equal inputs give an equal report at an equal address.</summary>
    /// <exception cref="ArgumentException">The policy is not usable, lists differ in length, or a label is outside of what the metric takes.</exception>
    /// <exception cref="MlopsException">The report could not be stored.</exception>
    Task<GateReport> EvaluateAsync(GatePolicy policy, GateInput input, CancellationToken cancellationToken = default);

    /// <summary>Reads a stored report, or null when there is no such artifact.</summary>
    /// <exception cref="CorruptedException">The artifact is not a gate report, or its bytes are not what was stored.</exception>
    Task<GateReport?> FindReportAsync(Digest report, CancellationToken cancellationToken = default);
}
