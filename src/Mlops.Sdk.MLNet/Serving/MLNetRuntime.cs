using Microsoft.ML;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Serving;

/// <summary>Serves what ML.NET saved: the file <see cref="ModelPath"/> of a package whose runtime is <see cref="RuntimeName"/>. <c>UseMLNet()</c> adds it.</summary>
/// <remarks>Steps that live in an assembly of their own, such as ONNX, need that assembly beside the host; ML.NET loads it by the name in the model.</remarks>
public sealed class MLNetRuntime : IModelRuntime
{
    /// <summary>The name that packages of ML.NET models ask for.</summary>
    public const string RuntimeName = "mlnet";

    /// <summary>Where a package keeps the model.</summary>
    public const string ModelPath = ModelPackageManifest.ModelFolder + "model.zip";

    /// <inheritdoc/>
    public string Name => RuntimeName;

    /// <inheritdoc/>
    public async Task<ILoadedModel> LoadAsync(ModelPackage package, CancellationToken cancellationToken = default)
    {
        var context = new MLContext();
        return new MLNetLoadedModel(context, await MLNetModel.LoadAsync(package, context, cancellationToken).ConfigureAwait(false));
    }
}
