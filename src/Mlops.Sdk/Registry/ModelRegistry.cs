using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using static Mlops.Sdk.Registry.RegistryEntities;

namespace Mlops.Sdk.Registry;

/// <summary>The registry over the metadata spine.</summary>
internal sealed class ModelRegistry(IMetadataStore metadata, IArtifactStore artifacts, IActorAccessor actors, IOptions<MlopsOptions> options, TimeProvider clock) : IModelRegistry
{
    private readonly string workspace = options.Value.Workspace;
    private readonly RegistryWriter writer = new(metadata, artifacts, actors, options.Value.Workspace, clock);

    /// <inheritdoc/>
    public Task<ModelVersion> RegisterAsync(ModelRegistration registration, CancellationToken cancellationToken = default) => writer.RegisterAsync(registration, cancellationToken);

    /// <inheritdoc/>
    public async Task<ModelVersion?> FindVersionAsync(string model, int version, CancellationToken cancellationToken = default)
    {
        RegistryNames.Check(model, nameof(model));
        var found = await metadata.FindAsync([VersionId(workspace, model, version)], EntityParts.Body | EntityParts.Attributes, cancellationToken).ConfigureAwait(false);
        return found[0] is { } entity ? RegistryReader.Version(entity) : null;
    }

    /// <inheritdoc/>
    public async Task<ModelAlias?> FindAliasAsync(string model, string alias, CancellationToken cancellationToken = default)
    {
        RegistryNames.Check(model, nameof(model));
        RegistryNames.Check(alias, nameof(alias));
        var found = await metadata.FindAsync([AliasId(workspace, model, alias)], EntityParts.Body, cancellationToken).ConfigureAwait(false);
        return found[0] is { } entity ? RegistryReader.Alias(entity) : null;
    }

    /// <inheritdoc/>
    public async Task<ModelAlias> MoveAliasAsync(string model, string alias, int version, ModelAlias? expected, string? why = null, CancellationToken cancellationToken = default)
    {
        RegistryNames.Check(model, nameof(model));
        RegistryNames.Check(alias, nameof(alias));
        if (expected is not null && (expected.Model != model || expected.Alias != alias))
        {
            throw new ArgumentException($"The expected alias is '{expected.Alias}' of model '{expected.Model}', not '{alias}' of '{model}'.", nameof(expected));
        }

        // The store answers a repeated move as it did the first time. That is right for a lost answer, but not when others have moved the alias on since.
        var before = await FindAliasAsync(model, alias, cancellationToken).ConfigureAwait(false);
        var (start, revision) = (expected?.Revision ?? 0, before?.Revision ?? 0);
        if ((revision == start || (revision == start + 1 && before!.Version == version))
            && await writer.MoveAsync(model, alias, version, expected, why, cancellationToken).ConfigureAwait(false) is { } moved)
        {
            return moved;
        }

        await this.GetVersionAsync(model, version, cancellationToken).ConfigureAwait(false);
        var now = await FindAliasAsync(model, alias, cancellationToken).ConfigureAwait(false);
        throw new ConflictException(now is null
            ? $"Alias '{alias}' of model '{model}' does not exist, but was expected at version {expected?.Version}. Read it again and decide anew."
            : $"Alias '{alias}' of model '{model}' was moved to version {now.Version} (revision {now.Revision}) by somebody else; {(expected is null ? "it was expected not to exist" : $"expected was version {expected.Version} (revision {expected.Revision})")}. Nothing was changed. Read it again and decide anew.");
    }

    /// <inheritdoc/>
    public async Task SetTagAsync(string model, int version, string tag, string? value, CancellationToken cancellationToken = default)
    {
        RegistryNames.Check(model, nameof(model));
        RegistryNames.Check(tag, nameof(tag));
        if (!await writer.TagAsync(model, version, tag, value, cancellationToken).ConfigureAwait(false))
        {
            await this.GetVersionAsync(model, version, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RegisteredModel> ListModelsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entity in QueryAsync(new(ModelKind), cancellationToken).ConfigureAwait(false))
        {
            yield return RegistryReader.Model(entity);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelVersion> ListVersionsAsync(string model, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = new EntityQuery(VersionKind) { Filter = Of(model), Order = [new("number", Descending: true)], Parts = EntityParts.Body | EntityParts.Attributes };
        await foreach (var entity in QueryAsync(query, cancellationToken).ConfigureAwait(false))
        {
            yield return RegistryReader.Version(entity);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelAlias> ListAliasesAsync(string model, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entity in QueryAsync(new(AliasKind) { Filter = Of(model), Order = [new("@key")] }, cancellationToken).ConfigureAwait(false))
        {
            yield return RegistryReader.Alias(entity);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelEvent> ListEventsAsync(string model, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RegistryNames.Check(model, nameof(model));
        var after = 0L;
        while (true)
        {
            var page = await metadata.ReadEventsAsync(new() { AfterPosition = after, Kinds = [VersionKind, AliasKind], Limit = 1000 }, cancellationToken).ConfigureAwait(false);
            foreach (var stored in page.Items)
            {
                if (stored.Subject.Workspace == workspace && RegistryReader.Event(stored) is { } read && read.Model == model)
                {
                    yield return read.Event;
                }
            }

            if (page.Items.Count == 0)
            {
                yield break;
            }

            after = page.Items[^1].Position;
        }
    }

    private static EntityFilter.Compare Of(string model) => new("model", Comparison.Equal, RegistryNames.Check(model, nameof(model)));

    private async IAsyncEnumerable<Entity> QueryAsync(EntityQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        query = query with { Workspace = workspace };
        do
        {
            var page = await metadata.QueryAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var entity in page.Items)
            {
                yield return entity;
            }

            query = query with { After = page.Next };
        }
        while (query.After is not null);
    }
}
