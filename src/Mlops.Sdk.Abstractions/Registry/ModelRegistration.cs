using System.Collections.Frozen;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Registry;

/// <summary>What to register.</summary>
public sealed record ModelRegistration
{
    /// <summary>The name of the model: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 100 characters.</summary>
    public required string Model { get; init; }

    /// <summary>The manifest of the package, as the model package stores it.</summary>
    public required Digest Package { get; init; }

    /// <summary>The gate report as an artifact; null takes the one that the package names, if any.</summary>
    public Digest? GateReport { get; init; }

    /// <summary>The pipeline run or tracked run that made it, or null. Becomes a lineage link when the entity exists.</summary>
    public EntityId? Run { get; init; }

    /// <summary>The commit of the code that made it, or null; then the one that a tracked <see cref="Run"/> recorded is taken. At most 200 characters without control characters.</summary>
    public string? Commit { get; init; }

    /// <summary>A description of at most 4,000 characters, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The owner, a person or a team, or null. At most 200 characters without control characters.</summary>
    public string? Owner { get; init; }

    /// <summary>Tags; names follow the rule of <see cref="Model"/>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Registering again with the same key returns the version that the first call made; null for a new version each time. Counts per model; at most 1,000 characters. Use <c>StepContext.IdempotencyKey</c>.</summary>
    public string? IdempotencyKey { get; init; }
}
