using Microsoft.ML;

namespace Mlops.Sdk.Serving;

/// <summary>A model that ML.NET loaded. Its slots are prediction engines, which do not own it.</summary>
internal sealed class MLNetModel(MLContext context, ITransformer transformer) : ILoadedModel
{
    public IModelSlot<TIn, TOut> CreateSlot<TIn, TOut>()
        where TIn : class
        where TOut : class, new() =>
        new MLNetSlot<TIn, TOut>(context.Model.CreatePredictionEngine<TIn, TOut>(transformer, new PredictionEngineOptions { OwnsTransformer = false }));

    public void Dispose() => (transformer as IDisposable)?.Dispose();
}

internal sealed class MLNetSlot<TIn, TOut>(PredictionEngine<TIn, TOut> engine) : IModelSlot<TIn, TOut>
    where TIn : class
    where TOut : class, new()
{
    public TOut Predict(TIn input) => engine.Predict(input);

    public void Dispose() => engine.Dispose();
}
