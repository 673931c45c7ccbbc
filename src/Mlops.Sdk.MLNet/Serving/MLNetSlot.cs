using Microsoft.ML;

namespace Mlops.Sdk.Serving;

/// <summary>A prediction engine that does not own its model.</summary>
internal sealed class MLNetSlot<TIn, TOut>(PredictionEngine<TIn, TOut> engine) : IModelSlot<TIn, TOut>
    where TIn : class
    where TOut : class, new()
{
    public TOut Predict(TIn input) => engine.Predict(input);

    public void Dispose() => engine.Dispose();
}
