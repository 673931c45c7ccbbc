namespace Mlops.Sdk.Registry;

/// <summary>Options of the registry; section <c>Mlops:Registry</c>. Validated at host start.</summary>
public sealed class RegistryOptions
{
    /// <summary>
    /// How many approvals a version needs before this alias may point at it, by the name of the alias, for every model: for example <c>champion</c> → 1. From 1 to 100; empty, the default, asks for none.
    /// Every host that moves aliases must have the same, and an <see cref="IActorAccessor"/> that tells people apart.
    /// </summary>
    public IDictionary<string, int> RequiredApprovals { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How old an answer of <see cref="IModelAliases"/> may be at most, from 1 second to a day. Default 30 seconds.</summary>
    public TimeSpan AliasMaxAge { get; set; } = TimeSpan.FromSeconds(30);
}
