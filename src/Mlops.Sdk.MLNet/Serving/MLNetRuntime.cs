using Microsoft.ML;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Serving;

/// <summary>Loads what ML.NET saved: the file <see cref="ModelPath"/> of a package whose runtime is <see cref="RuntimeName"/>.</summary>
/// <remarks>Steps that live in an assembly of their own, such as ONNX or a custom mapping, need that assembly beside the host; ML.NET loads it by the name in the model.</remarks>
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
        ArgumentNullException.ThrowIfNull(package);
        using var bytes = new MemoryStream(await package.ReadAsync(ModelPath, cancellationToken).ConfigureAwait(false), writable: false);
        var context = new MLContext();
        try
        {
            return new MLNetModel(context, context.Model.Load(bytes, out _));
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or InvalidOperationException)
        {
            throw new CorruptedException($"The file '{ModelPath}' is not a model that ML.NET can load: {e.Message} Save it with MLContext.Model.Save, and reference the packages that its steps come from.", e);
        }
    }
}
