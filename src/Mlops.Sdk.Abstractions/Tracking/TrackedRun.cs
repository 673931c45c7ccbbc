using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>A run as it was read.</summary>
public sealed record TrackedRun
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>The name for people, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The id of the run that it is a part of, or null.</summary>
    public string? Parent { get; init; }

    /// <summary>The state as it was stored.</summary>
    public required RunState State { get; init; }

    /// <summary>
    /// Whether it is <see cref="RunState.Running"/> but was silent for longer than <c>Mlops:Tracking:AbandonedAfter</c> when it was read: its process has probably died.
    /// Both times are the store's, so clocks of machines that differ do no harm. <see cref="IExperimentTracker.ResumeRunAsync"/> takes it over.
    /// </summary>
    public bool IsAbandoned { get; init; }

    /// <summary>When it was deleted, by the store's clock; null when it was not. A deleted run is hidden from listings until it is restored.</summary>
    public DateTimeOffset? Deleted { get; init; }

    /// <summary>Why it failed or was canceled, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Who started it.</summary>
    public required string Actor { get; init; }

    /// <summary>When it was started, by the writer's clock.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended, by the writer's clock; null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>When it last changed or gave a sign of life, by the store's clock. A run that is written gives one every <c>Mlops:Tracking:HeartbeatInterval</c>.</summary>
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>The params.</summary>
    public required IReadOnlyDictionary<string, AttributeValue> Params { get; init; }

    /// <summary>The tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>The latest value of each metric: the greatest by (step, timestamp, value).</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>The artifacts by path.</summary>
    public required IReadOnlyDictionary<string, ArtifactRef> Artifacts { get; init; }

    /// <summary>The data sets that it read.</summary>
    public required IReadOnlyList<DatasetInput> Inputs { get; init; }

    /// <summary>The code that started it, or null when it was not captured: no git, no repository, no commit yet, or switched off.</summary>
    public CodeVersion? Code { get; init; }

    /// <summary>Where it was started.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>How many metric points did not reach a sink.</summary>
    public long DroppedPoints { get; init; }
}

/// <summary>The states of a run.</summary>
public enum RunState
{
    /// <summary>It has not ended; see <see cref="TrackedRun.IsAbandoned"/>.</summary>
    Running,

    /// <summary>It ended well.</summary>
    Finished,

    /// <summary>It failed, or was disposed before it was completed.</summary>
    Failed,

    /// <summary>It was canceled.</summary>
    Canceled,
}

/// <summary>The version of the code.</summary>
/// <param name="Commit">The git commit.</param>
/// <param name="Dirty">Whether tracked files differ from the commit.</param>
/// <param name="UntrackedFiles">How many files (a folder counts once) git neither tracks nor ignores; they are not in the diff.</param>
/// <param name="Diff">The diff of the tracked files, also the artifact <see cref="DiffPath"/>; null when clean.</param>
/// <param name="DiffTruncated">Whether the diff was cut at 1 MB.</param>
public sealed record CodeVersion(string Commit, bool Dirty, int UntrackedFiles, Digest? Diff, bool DiffTruncated)
{
    /// <summary>The path of the artifact that holds the diff.</summary>
    public const string DiffPath = "code/uncommitted.diff";
}

/// <summary>Where a run ran. Environment variables are never recorded.</summary>
/// <param name="OperatingSystem">The operating system.</param>
/// <param name="Architecture">The architecture of the process.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Cores">The cores that the process may use.</param>
/// <param name="Packages">A JSON object with name and version of every loaded assembly, also the artifact <see cref="PackagesPath"/>; null when switched off.</param>
public sealed record RunEnvironment(string OperatingSystem, string Architecture, string Runtime, int Cores, Digest? Packages)
{
    /// <summary>The path of the artifact that holds the packages.</summary>
    public const string PackagesPath = "code/packages.json";
}
