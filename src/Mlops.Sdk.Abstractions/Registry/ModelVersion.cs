using System.Collections.Frozen;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Registry;

/// <summary>A registered version of a model. Immutable but for its tags, description, owner and approval.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Package">The digest of the package's manifest.</param>
/// <param name="ModelDigest">The canonical digest of the model's content: equal trainings give equal digests.</param>
/// <param name="Created">When, by the store's clock.</param>
/// <param name="Actor">Who registered it.</param>
public sealed record ModelVersion(string Model, int Version, Digest Package, Digest ModelDigest, DateTimeOffset Created, string Actor)
{
    /// <summary>What turns the model's bytes into predictions, as in <see cref="ModelPackageManifest.Runtime"/>.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>The gate report, or null.</summary>
    public Digest? GateReport { get; init; }

    /// <summary>The run that made it, or null.</summary>
    public EntityId? Run { get; init; }

    /// <summary>The data sets behind it, as its package names them.</summary>
    public IReadOnlyList<ModelDataset> Datasets { get; init; } = [];

    /// <summary>The commit of the code that made it, with <c>-dirty</c> appended when tracked files differed from the commit; or null.</summary>
    public string? Commit { get; init; }

    /// <summary>The description, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The owner, or null.</summary>
    public string? Owner { get; init; }

    /// <summary>Where its approval stands; null when nobody has asked for one.</summary>
    public ApprovalState? Approval { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = FrozenDictionary<string, string>.Empty;
}
