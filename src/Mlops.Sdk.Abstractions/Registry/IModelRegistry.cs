namespace Mlops.Sdk.Registry;

/// <summary>Models, their numbered versions and the aliases that point at them. Thread-safe, also across processes on one store.</summary>
public interface IModelRegistry
{
    /// <summary>Registers a version of a model and creates the model when it is new. The store numbers versions from 1 without gaps.</summary>
    /// <exception cref="CorruptedException">The package does not verify.</exception>
    Task<ModelVersion> RegisterAsync(ModelRegistration registration, CancellationToken cancellationToken = default);

    /// <summary>A version, or null.</summary>
    Task<ModelVersion?> FindVersionAsync(string model, int version, CancellationToken cancellationToken = default);

    /// <summary>The alias, or null when it points nowhere.</summary>
    Task<ModelAlias?> FindAliasAsync(string model, string alias, CancellationToken cancellationToken = default);

    /// <summary>Points an alias at a version, by compare-and-set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="alias">The alias, for example <c>champion</c>.</param>
    /// <param name="version">The version to point at.</param>
    /// <param name="expected">The alias as the caller last saw it: null when it did not exist.</param>
    /// <param name="why">The reason that a person would want to read later, or null.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    /// <exception cref="ConflictException">Somebody else moved it first; nothing was changed.</exception>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    Task<ModelAlias> MoveAliasAsync(string model, string alias, int version, ModelAlias? expected, string? why = null, CancellationToken cancellationToken = default);

    /// <summary>Sets a tag of a version, or removes it when <paramref name="value"/> is null.</summary>
    Task SetTagAsync(string model, int version, string tag, string? value, CancellationToken cancellationToken = default);

    /// <summary>All models, newest first.</summary>
    IAsyncEnumerable<RegisteredModel> ListModelsAsync(CancellationToken cancellationToken = default);

    /// <summary>All versions of a model, newest first; empty when there is no such model.</summary>
    IAsyncEnumerable<ModelVersion> ListVersionsAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>Everything that happened to a model, its versions and aliases, oldest first.</summary>
    IAsyncEnumerable<ModelEvent> ListEventsAsync(string model, CancellationToken cancellationToken = default);
}

/// <summary>What to register.</summary>
public sealed record ModelRegistration
{
    /// <summary>The name of the model: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 100 characters.</summary>
    public required string Model { get; init; }

    /// <summary>The manifest of the package, as the model package stores it.</summary>
    public required Artifacts.Digest Package { get; init; }

    /// <summary>The gate report, or null when the version was not gated.</summary>
    public Artifacts.Digest? GateReport { get; init; }

    /// <summary>The pipeline run or tracked run that made it, or null. Becomes a lineage link when the entity exists.</summary>
    public Metadata.EntityId? Run { get; init; }

    /// <summary>A description, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>Registering again with the same key returns the version that the first call made; null for a new version each time. Use <c>StepContext.IdempotencyKey</c>.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>A model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Created">When its first version was registered, by the store's clock.</param>
public sealed record RegisteredModel(string Name, DateTimeOffset Created);

/// <summary>A registered version of a model. Immutable but for its tags.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Package">The digest of the package's manifest.</param>
/// <param name="ModelDigest">The canonical digest of the model's content: equal trainings give equal digests.</param>
/// <param name="Created">When, by the store's clock.</param>
/// <param name="Actor">Who.</param>
public sealed record ModelVersion(string Model, int Version, Artifacts.Digest Package, Artifacts.Digest ModelDigest, DateTimeOffset Created, string Actor)
{
    /// <summary>The gate report, or null.</summary>
    public Artifacts.Digest? GateReport { get; init; }

    /// <summary>The run that made it, or null.</summary>
    public Metadata.EntityId? Run { get; init; }

    /// <summary>The description, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;
}

/// <summary>An alias as it was read.</summary>
/// <param name="Model">The model.</param>
/// <param name="Alias">The alias.</param>
/// <param name="Version">The version that it points at.</param>
/// <param name="Revision">Grows with every move; what compare-and-set compares.</param>
/// <param name="Moved">When it was moved there, by the store's clock.</param>
public sealed record ModelAlias(string Model, string Alias, int Version, long Revision, DateTimeOffset Moved);

/// <summary>Something that happened to a model.</summary>
/// <param name="Position">The position in the change feed.</param>
/// <param name="At">When, by the store's clock.</param>
/// <param name="Actor">Who.</param>
/// <param name="Type">What, for example <c>version.registered</c> or <c>alias.moved</c>.</param>
/// <param name="Version">The version concerned.</param>
/// <param name="Alias">The alias, for a move.</param>
/// <param name="Why">The reason given, or null.</param>
public sealed record ModelEvent(long Position, DateTimeOffset At, string Actor, string Type, int Version, string? Alias, string? Why);
