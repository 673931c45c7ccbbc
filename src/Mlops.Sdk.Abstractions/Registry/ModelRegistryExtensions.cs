using System.Globalization;

namespace Mlops.Sdk.Registry;

/// <summary>Reads that must find something.</summary>
public static class ModelRegistryExtensions
{
    private const int Listed = 20;

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
        var found = await registry.GetAliasAsync(model, alias, cancellationToken).ConfigureAwait(false);
        return await registry.GetVersionAsync(model, found.Version, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> SayVersionsAsync(IModelRegistry registry, string model, string what, CancellationToken cancellationToken)
    {
        await foreach (var newest in registry.ListVersionsAsync(model, cancellationToken).ConfigureAwait(false))
        {
            return string.Create(CultureInfo.InvariantCulture, $"Model '{model}' {what}. Its newest version is {newest.Version}.");
        }

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
