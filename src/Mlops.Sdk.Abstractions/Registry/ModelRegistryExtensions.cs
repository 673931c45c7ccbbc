using System.Globalization;

namespace Mlops.Sdk.Registry;

/// <summary>Reads that must find something, and shorter ways to say what is often said.</summary>
public static class ModelRegistryExtensions
{
    private const int Listed = 20;

    /// <summary>A model.</summary>
    /// <exception cref="NotFoundException">There is none; the message says what there is.</exception>
    public static async Task<RegisteredModel> GetModelAsync(this IModelRegistry registry, string model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return await registry.FindModelAsync(model, cancellationToken).ConfigureAwait(false)
            ?? throw new NotFoundException(await SayModelsAsync(registry, model, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>A version.</summary>
    /// <exception cref="NotFoundException">There is none; the message says what there is.</exception>
    public static async Task<ModelVersion> GetVersionAsync(this IModelRegistry registry, string model, int version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return await registry.FindVersionAsync(model, version, cancellationToken).ConfigureAwait(false)
            ?? throw new NotFoundException(await SayVersionsAsync(registry, model, string.Create(CultureInfo.InvariantCulture, $"has no version {version}"), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>An alias.</summary>
    /// <exception cref="NotFoundException">It points nowhere; the message names the aliases that there are.</exception>
    public static async Task<ModelAlias> GetAliasAsync(this IModelRegistry registry, string model, string alias, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        if (await registry.FindAliasAsync(model, alias, cancellationToken).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        var known = new List<string>();
        await foreach (var other in registry.ListAliasesAsync(model, cancellationToken).ConfigureAwait(false))
        {
            known.Add(string.Create(CultureInfo.InvariantCulture, $"{other.Alias} → {other.Version}"));
        }

        throw new NotFoundException(known.Count > 0
            ? $"Model '{model}' has no alias '{alias}'. It has: {Join(known)}."
            : await SayVersionsAsync(registry, model, $"has no alias '{alias}', nor any other; point one at a version with MoveAliasAsync", cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The version that an alias points at.</summary>
    /// <exception cref="NotFoundException">The alias points nowhere; the message names the aliases that there are.</exception>
    public static async Task<ModelVersion> GetVersionByAliasAsync(this IModelRegistry registry, string model, string alias, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        if (await registry.FindVersionByAliasAsync(model, alias, cancellationToken).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        var moved = await registry.GetAliasAsync(model, alias, cancellationToken).ConfigureAwait(false);
        return await registry.GetVersionAsync(model, moved.Version, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The number of the version that an alias pointed at, at a time of the store's clock; null when it pointed nowhere.</summary>
    public static async Task<int?> FindAliasVersionAtAsync(this IModelRegistry registry, string model, string alias, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        int? version = null;
        await foreach (var move in registry.ListAliasHistoryAsync(model, alias, cancellationToken).ConfigureAwait(false))
        {
            if (move.At > at)
            {
                break;
            }

            version = move.Version;
        }

        return version;
    }

    /// <summary>Sets a tag of a version, or removes it when <paramref name="value"/> is null. The last writer wins.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    public static Task SetTagAsync(this IModelRegistry registry, string model, int version, string tag, string? value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentException.ThrowIfNullOrEmpty(tag);
        return registry.EditVersionAsync(model, version, new() { Tags = new Dictionary<string, string?> { [tag] = value } }, cancellationToken);
    }

    /// <summary>Asks for the approval of a version; see <see cref="ApprovalDecision.Request"/>.</summary>
    public static Task<ModelApproval> RequestApprovalAsync(this IModelRegistry registry, string model, int version, string? why = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.DecideApprovalAsync(model, version, ApprovalDecision.Request, why, cancellationToken);
    }

    /// <summary>Approves a version; see <see cref="ApprovalDecision.Approve"/>.</summary>
    /// <exception cref="ApprovalException">The actor registered the version or asked for the approval, or nobody has asked.</exception>
    public static Task<ModelApproval> ApproveAsync(this IModelRegistry registry, string model, int version, string? why = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.DecideApprovalAsync(model, version, ApprovalDecision.Approve, why, cancellationToken);
    }

    /// <summary>Rejects a version, or takes its approval back; see <see cref="ApprovalDecision.Reject"/>. Aliases that point at it stay where they are.</summary>
    /// <exception cref="ApprovalException">Nobody has asked for approval.</exception>
    public static Task<ModelApproval> RejectAsync(this IModelRegistry registry, string model, int version, string? why = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.DecideApprovalAsync(model, version, ApprovalDecision.Reject, why, cancellationToken);
    }

    private static async Task<string> SayVersionsAsync(IModelRegistry registry, string model, string what, CancellationToken cancellationToken)
    {
        await foreach (var newest in registry.ListVersionsAsync(model, cancellationToken).ConfigureAwait(false))
        {
            return string.Create(CultureInfo.InvariantCulture, $"Model '{model}' {what}. Its newest version is {newest.Version}.");
        }

        return await SayModelsAsync(registry, model, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> SayModelsAsync(IModelRegistry registry, string model, CancellationToken cancellationToken)
    {
        var known = new List<string>();
        await foreach (var other in registry.ListModelsAsync(cancellationToken).ConfigureAwait(false))
        {
            known.Add(other.Name);
        }

        return known.Count > 0
            ? $"There is no model '{model}'. There are: {Join(known)}."
            : $"There is no model '{model}', nor any other. Register one with RegisterAsync, or check that this host uses the store and the workspace that it was registered in.";
    }

    private static string Join(List<string> names) =>
        string.Join(", ", names.Take(Listed)) + (names.Count > Listed ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - Listed} more") : "");
}
