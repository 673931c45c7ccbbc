using System.Collections.Frozen;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Registry;

/// <summary>What goes into a package beside the model itself. See <see cref="ModelPackageBuilder"/> for each.</summary>
public sealed record MLNetPackageOptions
{
    /// <summary>The data contract as UTF-8 JSON, or null.</summary>
    public ReadOnlyMemory<byte>? Contract { get; init; }

    /// <summary>The run that made the model, or null. Leave it null where equal trainings shall give equal package digests.</summary>
    public string? Run { get; init; }

    /// <summary>The data sets behind the model.</summary>
    public IReadOnlyList<ModelDataset> Datasets { get; init; } = [];

    /// <summary>The gate report, or null.</summary>
    public Digest? GateReport { get; init; }

    /// <summary>Further facts about the environment; the version of Microsoft.ML is always added.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The model card as Markdown, or null.</summary>
    public string? Card { get; init; }

    /// <summary>How far a number of a golden row may be off. Default <see cref="GoldenRow.DefaultTolerance"/>.</summary>
    public double Tolerance { get; init; } = GoldenRow.DefaultTolerance;
}
