using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Registry;

/// <summary>The metadata store as the parts of the registry use it: in one workspace, as the current actor, patient with transient errors.</summary>
internal sealed class RegistrySpine(IMetadataStore store, IActorAccessor actors, string workspace, TimeProvider clock)
{
    /// <summary>How often something is tried before somebody else's changes or the store's errors win.</summary>
    public const int Attempts = 8;

    public IMetadataStore Store => store;

    public string Workspace => workspace;

    public string Actor => actors.Actor;

    public TimeProvider Clock => clock;

    public Task<CommitResult> CommitAsync(string actor, IReadOnlyList<Change> changes, CancellationToken cancellationToken) => CommitAsync(MlopsId.New(), actor, changes, cancellationToken);

    public async Task<CommitResult> CommitAsync(Guid id, string actor, IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await store.CommitAsync(new(id, actor, changes), cancellationToken).ConfigureAwait(false);
            }
            catch (MlopsException e) when (e.IsTransient && attempt < Attempts)
            {
                // The outcome may be unknown; the changeset's id makes the retry safe.
                await Task.Delay(TimeSpan.FromMilliseconds(20 << attempt), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async Task<Entity?> FindAsync(EntityId id, EntityParts parts, CancellationToken cancellationToken) =>
        (await store.FindAsync([id], parts, cancellationToken).ConfigureAwait(false))[0];

    public static ConflictException Busy(string what) => new($"{what} met other changes {Attempts} times in a row. Try again.") { IsTransient = true };

    /// <summary>A guard that the version exists and is not deleted.</summary>
    public static Change.Require Alive(EntityId version) => new(version) { Attribute = RegistryEntities.Deleted, Equal = null };

    public static Change.Note Note(EntityId subject, string type, string? why = null, int? version = null, int? previous = null, string? tag = null, string? field = null) =>
        new(subject, type, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new(RegistryJson.CurrentRecord, version, previous, tag, field), RegistryJson.Default.RegistryEventRecord)) { Why = why };
}
