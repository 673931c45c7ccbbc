using System.Collections.Frozen;

namespace Mlops.Sdk.Registry;

/// <summary>A model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Created">When its first version was registered, by the store's clock.</param>
public sealed record RegisteredModel(string Name, DateTimeOffset Created)
{
    /// <summary>The description, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The owner, or null.</summary>
    public string? Owner { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = FrozenDictionary<string, string>.Empty;
}
