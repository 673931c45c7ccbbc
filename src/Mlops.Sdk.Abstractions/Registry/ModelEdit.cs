using System.Collections.Frozen;

namespace Mlops.Sdk.Registry;

/// <summary>What to change about a model or a version. What is not named stays.</summary>
public sealed record ModelEdit
{
    /// <summary>The new description, at most 4,000 characters; empty removes it, null leaves it.</summary>
    public string? Description { get; init; }

    /// <summary>The new owner, a person or a team, at most 200 characters without control characters; empty removes it, null leaves it.</summary>
    public string? Owner { get; init; }

    /// <summary>Tags to set, or to remove where the value is null. Names follow the rule of <see cref="ModelRegistration.Model"/>; a value has at most 16 KB.</summary>
    public IReadOnlyDictionary<string, string?> Tags { get; init; } = FrozenDictionary<string, string?>.Empty;
}
