namespace Mlops.Sdk.Registry;

/// <summary>
/// From an alias to its version on hot paths: answered from memory, without allocation, once an alias was asked for. Thread-safe.
/// <see cref="IModelRegistry"/> always asks the store.
/// </summary>
/// <remarks>
/// An answer was true at some moment within the last <c>RegistryOptions.AliasMaxAge</c>, whatever happens to the change feed. Usually it is much younger: a move counts
/// as soon as the change feed brings it. When the store cannot be reached for longer than that, calls fail with the store's exception.
/// </remarks>
public interface IModelAliases
{
    /// <summary>The version that the alias points at, with tags and description as of when it was read.</summary>
    /// <exception cref="NotFoundException">The alias points nowhere; the message names the aliases that there are.</exception>
    ValueTask<ModelVersion> ResolveAsync(string model, string alias, CancellationToken cancellationToken = default);
}
