using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tracking;

/// <summary>What is known about a run when it starts.</summary>
public sealed record RunOptions
{
    /// <summary>A name for people, at most 200 characters; need not be unique. Null: none.</summary>
    public string? Name { get; init; }

    /// <summary>The id of the run that this one is a part of, such as the sweep of a trial. It must exist, must not be deleted, and belongs to the same experiment. Null: none.</summary>
    public string? Parent { get; init; }

    /// <summary>The data sets that the run reads.</summary>
    public IReadOnlyList<DatasetInput> Inputs { get; init; } = [];
}

/// <summary>A data set that a run reads.</summary>
/// <param name="Digest">The digest of its content.</param>
/// <param name="Role">What it is used for.</param>
/// <param name="Name">Its name, 1 to 200 characters.</param>
/// <param name="Rows">How many rows it has, or null when unknown.</param>
public sealed record DatasetInput(Digest Digest, DatasetRole Role, string Name, long? Rows = null);

/// <summary>What a data set is used for.</summary>
public enum DatasetRole
{
    /// <summary>The model is fitted on it.</summary>
    Training,

    /// <summary>Candidates are compared on it.</summary>
    Validation,

    /// <summary>The chosen model is judged on it, once.</summary>
    Test,
}
