using Microsoft.ML;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Serving;

/// <summary>A model that ML.NET loaded, as the engine of serving sees it. Its slots are prediction engines, which do not own it.</summary>
internal sealed class MLNetLoadedModel(MLContext context, MLNetModel model) : ILoadedModel
{
    public IModelSlot<TIn, TOut> CreateSlot<TIn, TOut>()
        where TIn : class
        where TOut : class, new() =>
        new MLNetSlot<TIn, TOut>(context.Model.CreatePredictionEngine<TIn, TOut>(model.Transformer, new PredictionEngineOptions { OwnsTransformer = false }));

    public void Dispose() => model.Dispose();
}
