namespace Mlops.Sdk.Registry;

/// <summary>Models, their numbered versions and the aliases that point at them. Thread-safe, also across processes on one store.</summary>
public interface IModelRegistry
{
    /// <summary>Registers a version of a model and creates the model when it is new. The store numbers versions from 1 without gaps.</summary>
    /// <remarks>Verifies the package first. Safe to call again after an unknown outcome when <see cref="ModelRegistration.IdempotencyKey"/> is set.</remarks>
    /// <exception cref="ArgumentException">A name breaks the rule of <see cref="ModelRegistration.Model"/>.</exception>
    /// <exception cref="NotFoundException">The artifact store has no such package or gate report.</exception>
    /// <exception cref="CorruptedException">The package does not verify.</exception>
    Task<ModelVersion> RegisterAsync(ModelRegistration registration, CancellationToken cancellationToken = default);

    /// <summary>A version, or null.</summary>
    Task<ModelVersion?> FindVersionAsync(string model, int version, CancellationToken cancellationToken = default);

    /// <summary>The alias, or null when it points nowhere.</summary>
    Task<ModelAlias?> FindAliasAsync(string model, string alias, CancellationToken cancellationToken = default);

    /// <summary>Points an alias at a version, by compare-and-set. The same move by the same actor again, after an unknown outcome, returns what the first one did.</summary>
    /// <param name="model">The model.</param>
    /// <param name="alias">The alias, for example <c>champion</c>.</param>
    /// <param name="version">The version to point at.</param>
    /// <param name="expected">The alias as the caller last saw it: null when it did not exist.</param>
    /// <param name="why">The reason that a person would want to read later, or null.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    /// <exception cref="ConflictException">Somebody else moved it first; nothing was changed.</exception>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    Task<ModelAlias> MoveAliasAsync(string model, string alias, int version, ModelAlias? expected, string? why = null, CancellationToken cancellationToken = default);

    /// <summary>Sets a tag of a version, or removes it when <paramref name="value"/> is null. The last writer wins.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    Task SetTagAsync(string model, int version, string tag, string? value, CancellationToken cancellationToken = default);

    /// <summary>All models, newest first.</summary>
    IAsyncEnumerable<RegisteredModel> ListModelsAsync(CancellationToken cancellationToken = default);

    /// <summary>All versions of a model, newest first; empty when there is no such model.</summary>
    IAsyncEnumerable<ModelVersion> ListVersionsAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>All aliases of a model by name; empty when there is no such model.</summary>
    IAsyncEnumerable<ModelAlias> ListAliasesAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>Everything that happened to a model, its versions and aliases, oldest first.</summary>
    IAsyncEnumerable<ModelEvent> ListEventsAsync(string model, CancellationToken cancellationToken = default);
}
