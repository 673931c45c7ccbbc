namespace Mlops.Sdk.Registry;

/// <summary>Models, their numbered versions and the aliases that point at them. Thread-safe, also across processes on one store.</summary>
/// <remarks>
/// Names break no rule of <see cref="ModelRegistration.Model"/> or are an <see cref="ArgumentException"/>. A reason (<c>why</c>) has at most 4,000 characters. Who acts comes from <see cref="IActorAccessor"/>.
/// </remarks>
public interface IModelRegistry
{
    /// <summary>Registers a version of a model and creates the model when it is new. The store numbers versions from 1 without gaps.</summary>
    /// <remarks>Verifies the package first. Safe to call again after an unknown outcome when <see cref="ModelRegistration.IdempotencyKey"/> is set.</remarks>
    /// <exception cref="NotFoundException">The artifact store has no such package or gate report.</exception>
    /// <exception cref="CorruptedException">The package does not verify.</exception>
    Task<ModelVersion> RegisterAsync(ModelRegistration registration, CancellationToken cancellationToken = default);

    /// <summary>A model, or null.</summary>
    Task<RegisteredModel?> FindModelAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>A version, or null; a deleted one counts as none.</summary>
    Task<ModelVersion?> FindVersionAsync(string model, int version, CancellationToken cancellationToken = default);

    /// <summary>The version that an alias points at, or null when it points nowhere. Both are read in one snapshot.</summary>
    Task<ModelVersion?> FindVersionByAliasAsync(string model, string alias, CancellationToken cancellationToken = default);

    /// <summary>The alias, or null when it points nowhere.</summary>
    Task<ModelAlias?> FindAliasAsync(string model, string alias, CancellationToken cancellationToken = default);

    /// <summary>Points an alias at a version, by compare-and-set. The same move by the same actor again, after an unknown outcome, returns what the first one did.</summary>
    /// <param name="model">The model.</param>
    /// <param name="alias">The alias, for example <c>champion</c>.</param>
    /// <param name="version">The version to point at.</param>
    /// <param name="expected">The alias as the caller last saw it: null when it pointed nowhere.</param>
    /// <param name="why">The reason that a person would want to read later, or null.</param>
    /// <param name="cancellationToken">Cancels before the commit.</param>
    /// <exception cref="ConflictException">Somebody else moved it first; nothing was changed.</exception>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="ApprovalException">The alias asks for approvals that the version does not have.</exception>
    Task<ModelAlias> MoveAliasAsync(string model, string alias, int version, ModelAlias? expected, string? why = null, CancellationToken cancellationToken = default);

    /// <summary>Lets an alias point nowhere, by compare-and-set with what the caller last saw. The same again, after an unknown outcome, does nothing. Needs no approval.</summary>
    /// <exception cref="ConflictException">Somebody else moved or removed it first; nothing was changed.</exception>
    Task RemoveAliasAsync(ModelAlias alias, string? why = null, CancellationToken cancellationToken = default);

    /// <summary>Changes description, owner and tags of a model, all or nothing. The last writer wins, each for what it names.</summary>
    /// <exception cref="NotFoundException">There is no such model.</exception>
    Task EditModelAsync(string model, ModelEdit edit, CancellationToken cancellationToken = default);

    /// <summary>Changes description, owner and tags of a version, all or nothing. The last writer wins, each for what it names.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    Task EditVersionAsync(string model, int version, ModelEdit edit, CancellationToken cancellationToken = default);

    /// <summary>Deletes a version: it is found and listed no more, and no alias can point at it. Its number is never used again, its lineage and events stay, and it can be restored. Again does nothing.</summary>
    /// <exception cref="ConflictException">An alias points at it; the message says which.</exception>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    Task DeleteVersionAsync(string model, int version, string? why = null, CancellationToken cancellationToken = default);

    /// <summary>Undoes <see cref="DeleteVersionAsync"/>. Of a version that is not deleted it does nothing.</summary>
    /// <exception cref="NotFoundException">There never was such a version.</exception>
    Task RestoreVersionAsync(string model, int version, string? why = null, CancellationToken cancellationToken = default);

    /// <summary>The approval of a version with who decided, when and why; null when nobody has asked for one.</summary>
    Task<ModelApproval?> FindApprovalAsync(string model, int version, CancellationToken cancellationToken = default);

    /// <summary>Asks for, gives or refuses approval. What changes nothing, such as approving twice, is not noted.</summary>
    /// <exception cref="ApprovalException">The actor may not approve this version, or nobody has asked for it.</exception>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    Task<ModelApproval> DecideApprovalAsync(string model, int version, ApprovalDecision decision, string? why = null, CancellationToken cancellationToken = default);

    /// <summary>All models, newest first.</summary>
    IAsyncEnumerable<RegisteredModel> ListModelsAsync(CancellationToken cancellationToken = default);

    /// <summary>All versions of a model that are not deleted, newest first; empty when there is no such model.</summary>
    IAsyncEnumerable<ModelVersion> ListVersionsAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>All aliases of a model that point at a version, by name; empty when there is no such model.</summary>
    IAsyncEnumerable<ModelAlias> ListAliasesAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>The moves and removals of one alias, oldest first: each <see cref="ModelEvent.Previous"/> is the <see cref="ModelEvent.Version"/> before it. Costs as much as the alias has moves.</summary>
    IAsyncEnumerable<ModelEvent> ListAliasHistoryAsync(string model, string alias, CancellationToken cancellationToken = default);

    /// <summary>Everything that happened to a model, its versions and aliases, oldest first. For people; to follow a model use <see cref="WatchAsync"/>.</summary>
    IAsyncEnumerable<ModelEvent> ListEventsAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>
    /// What happened and what is happening, in commit order, without end: waits for more when it is through. Keep <see cref="ModelEvent.Position"/> of the last event that was dealt with and continue from there
    /// after a restart; then no event is left out, and none comes twice but those dealt with after the last position that was kept (at least once).
    /// </summary>
    /// <param name="model">Only this model, or null for all of the workspace.</param>
    /// <param name="after">Events after this position; 0 from the beginning.</param>
    /// <param name="cancellationToken">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MlopsException">The store could not be read, also not when tried again for about a minute. Continue from the last position.</exception>
    IAsyncEnumerable<ModelEvent> WatchAsync(string? model = null, long after = 0, CancellationToken cancellationToken = default);
}
