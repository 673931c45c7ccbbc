namespace Mlops.Sdk.Serving;

/// <summary>A model in memory, shared by its slots. Disposed once, after its last slot; disposing frees native memory at once.</summary>
public interface ILoadedModel : IDisposable
{
    /// <summary>Binds a slot to the model's columns. Thread-safe.</summary>
    /// <exception cref="Exception">The types do not fit the model; the message names the column.</exception>
    IModelSlot<TIn, TOut> CreateSlot<TIn, TOut>()
        where TIn : class
        where TOut : class, new();
}
