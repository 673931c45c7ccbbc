namespace Mlops.Sdk.Serving;

/// <summary>What one call at a time needs to predict. Not thread-safe: the engine leases a slot to one call, and uses it again for the next, also after it threw. Must not dispose the model.</summary>
public interface IModelSlot<in TIn, out TOut> : IDisposable
    where TIn : class
    where TOut : class
{
    /// <summary>Predicts one row into a new output.</summary>
    TOut Predict(TIn input);
}
