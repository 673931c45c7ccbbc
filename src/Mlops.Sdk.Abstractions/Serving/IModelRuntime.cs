using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Serving;

/// <summary>How model bytes become predictions. Thread-safe; one instance serves every model of its kind. Register it with <c>AddModelRuntime</c>.</summary>
public interface IModelRuntime
{
    /// <summary>The name that packages ask for: <see cref="ModelPackageManifest.Runtime"/>, for example <c>mlnet</c>.</summary>
    string Name { get; }

    /// <summary>Loads a model from a package whose files are verified. Throws whatever explains best why it cannot; the caller adds model and version.</summary>
    Task<ILoadedModel> LoadAsync(ModelPackage package, CancellationToken cancellationToken = default);
}
