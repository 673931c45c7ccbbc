using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>The registry over the metadata spine.</summary>
internal sealed class ModelRegistry : IModelRegistry
{
    private readonly RegistrySpine spine;
    private readonly VersionWriter writer;
    private readonly VersionEditor editor;
    private readonly AliasMover mover;
    private readonly AliasResolver resolver;
    private readonly Approvals approvals;
    private readonly RegistryFeed feed;

    public ModelRegistry(IMetadataStore metadata, IArtifactStore artifacts, IActorAccessor actors, IOptions<MlopsOptions> options, IOptions<RegistryOptions> registry, TimeProvider clock)
    {
        spine = new(metadata, actors, options.Value.Workspace, clock);
        writer = new(spine, artifacts);
        editor = new(spine);
        approvals = new(spine, registry.Value.RequiredApprovals);
        mover = new(spine, approvals);
        resolver = new(spine);
        feed = new(spine);
    }

    /// <inheritdoc/>
    public Task<ModelVersion> RegisterAsync(ModelRegistration registration, CancellationToken cancellationToken = default) => writer.RegisterAsync(registration, cancellationToken);

    /// <inheritdoc/>
    public async Task<RegisteredModel?> FindModelAsync(string model, CancellationToken cancellationToken = default)
    {
        var id = ModelId(spine.Workspace, RegistryNames.Check(model, nameof(model)));
        return await spine.FindAsync(id, EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false) is { } entity ? RegistryReader.Model(entity) : null;
    }

    /// <inheritdoc/>
    public async Task<ModelVersion?> FindVersionAsync(string model, int version, CancellationToken cancellationToken = default)
    {
        var id = VersionId(spine.Workspace, RegistryNames.Check(model, nameof(model)), version);
        return await spine.FindAsync(id, EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false) is { } entity ? RegistryReader.Version(entity) : null;
    }

    /// <inheritdoc/>
    public Task<ModelVersion?> FindVersionByAliasAsync(string model, string alias, CancellationToken cancellationToken = default) =>
        resolver.ResolveAsync(RegistryNames.Check(model, nameof(model)), RegistryNames.Check(alias, nameof(alias)), cancellationToken);

    /// <inheritdoc/>
    public async Task<ModelAlias?> FindAliasAsync(string model, string alias, CancellationToken cancellationToken = default)
    {
        var id = AliasId(spine.Workspace, RegistryNames.Check(model, nameof(model)), RegistryNames.Check(alias, nameof(alias)));
        return await spine.FindAsync(id, EntityParts.Body, cancellationToken).ConfigureAwait(false) is { } entity ? RegistryReader.Alias(entity) : null;
    }

    /// <inheritdoc/>
    public async Task<ModelAlias> MoveAliasAsync(string model, string alias, int version, ModelAlias? expected, string? why = null, CancellationToken cancellationToken = default)
    {
        RegistryNames.Check(model, nameof(model));
        RegistryNames.Check(alias, nameof(alias));
        RegistryNames.CheckText(why, nameof(why));
        if (expected is not null && (expected.Model != model || expected.Alias != alias))
        {
            throw new ArgumentException($"The expected alias is '{expected.Alias}' of model '{expected.Model}', not '{alias}' of '{model}'.", nameof(expected));
        }

        if (await mover.MoveAsync(model, alias, version, expected, why, cancellationToken).ConfigureAwait(false) is { } moved)
        {
            return moved;
        }

        await this.GetVersionAsync(model, version, cancellationToken).ConfigureAwait(false);
        throw Moved(model, alias, expected, await FindAliasAsync(model, alias, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task RemoveAliasAsync(ModelAlias alias, string? why = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(alias);
        RegistryNames.Check(alias.Model, nameof(alias));
        RegistryNames.Check(alias.Alias, nameof(alias));
        RegistryNames.CheckText(why, nameof(why));
        if (!await mover.RemoveAsync(alias, why, cancellationToken).ConfigureAwait(false))
        {
            throw Moved(alias.Model, alias.Alias, alias, await FindAliasAsync(alias.Model, alias.Alias, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public async Task EditModelAsync(string model, ModelEdit edit, CancellationToken cancellationToken = default)
    {
        if (!await editor.EditModelAsync(RegistryNames.Check(model, nameof(model)), edit, cancellationToken).ConfigureAwait(false))
        {
            await this.GetModelAsync(model, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task EditVersionAsync(string model, int version, ModelEdit edit, CancellationToken cancellationToken = default) =>
        await RequireAsync(model, version, await editor.EditVersionAsync(RegistryNames.Check(model, nameof(model)), version, edit, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task DeleteVersionAsync(string model, int version, string? why = null, CancellationToken cancellationToken = default)
    {
        RegistryNames.CheckText(why, nameof(why));
        await RequireAsync(model, version, await editor.DeleteAsync(RegistryNames.Check(model, nameof(model)), version, why, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task RestoreVersionAsync(string model, int version, string? why = null, CancellationToken cancellationToken = default)
    {
        RegistryNames.CheckText(why, nameof(why));
        await RequireAsync(model, version, await editor.RestoreAsync(RegistryNames.Check(model, nameof(model)), version, why, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ModelApproval?> FindApprovalAsync(string model, int version, CancellationToken cancellationToken = default) =>
        await feed.FindApprovalAsync(RegistryNames.Check(model, nameof(model)), version, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<ModelApproval> DecideApprovalAsync(string model, int version, ApprovalDecision decision, string? why = null, CancellationToken cancellationToken = default)
    {
        RegistryNames.Check(model, nameof(model));
        RegistryNames.CheckText(why, nameof(why));
        if (!Enum.IsDefined(decision))
        {
            throw new ArgumentOutOfRangeException(nameof(decision), decision, "This is not a decision about an approval.");
        }

        await RequireAsync(model, version, await approvals.DecideAsync(model, version, decision, why, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return (await feed.FindApprovalAsync(model, version, cancellationToken).ConfigureAwait(false))!;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RegisteredModel> ListModelsAsync(CancellationToken cancellationToken = default) =>
        ListAsync(new(ModelKind) { Parts = EntityParts.Body | EntityParts.Attributes }, RegistryReader.Model, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ModelVersion> ListVersionsAsync(string model, CancellationToken cancellationToken = default) => ListAsync(
        new(VersionKind) { Filter = Of(model, new EntityFilter.Not(new EntityFilter.Present(Deleted))), Order = [new("number", Descending: true)], Parts = EntityParts.Body | EntityParts.Attributes },
        RegistryReader.Version,
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ModelAlias> ListAliasesAsync(string model, CancellationToken cancellationToken = default) =>
        ListAsync(new(AliasKind) { Filter = Of(model), Order = [new("@key")] }, RegistryReader.Alias, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ModelEvent> ListAliasHistoryAsync(string model, string alias, CancellationToken cancellationToken = default) =>
        feed.ListAliasHistoryAsync(RegistryNames.Check(model, nameof(model)), RegistryNames.Check(alias, nameof(alias)), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ModelEvent> ListEventsAsync(string model, CancellationToken cancellationToken = default) => feed.ListAsync(RegistryNames.Check(model, nameof(model)), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ModelEvent> WatchAsync(string? model = null, long after = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        return feed.WatchAsync(model is null ? null : RegistryNames.Check(model, nameof(model)), after, cancellationToken);
    }

    private static EntityFilter Of(string model, EntityFilter? also = null)
    {
        var compare = new EntityFilter.Compare("model", Comparison.Equal, RegistryNames.Check(model, nameof(model)));
        return also is null ? compare : new EntityFilter.All([compare, also]);
    }

    private static ConflictException Moved(string model, string alias, ModelAlias? expected, ModelAlias? now) => new(
        now?.Revision == expected?.Revision ? $"Alias '{alias}' of model '{model}' was not moved: its version changed at the same moment. Read both again and decide anew."
        : now is null ? $"Alias '{alias}' of model '{model}' does not exist, but was expected at version {expected?.Version}. Read it again and decide anew."
        : $"Alias '{alias}' of model '{model}' was moved to version {now.Version} (revision {now.Revision}) by somebody else; {(expected is null ? "it was expected not to exist" : $"expected was version {expected.Version} (revision {expected.Revision})")}. Nothing was changed. Read it again and decide anew.");

    /// <summary>Says what there is instead of a version that is not there.</summary>
    private async Task RequireAsync(string model, int version, bool found, CancellationToken cancellationToken)
    {
        if (!found)
        {
            await this.GetVersionAsync(model, version, cancellationToken).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<T> ListAsync<T>(EntityQuery query, Func<Entity, T?> read, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        query = query with { Workspace = spine.Workspace };
        do
        {
            var page = await spine.Store.QueryAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var entity in page.Items)
            {
                if (read(entity) is { } item)
                {
                    yield return item;
                }
            }

            query = query with { After = page.Next };
        }
        while (query.After is not null);
    }
}
