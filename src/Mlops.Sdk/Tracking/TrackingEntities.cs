using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>Where tracking keeps things in the metadata spine.</summary>
internal static class TrackingEntities
{
    public const string ExperimentKind = "experiment";
    public const string RunKind = "run";
    public const string DatasetKind = "dataset";

    public const string RunStarted = "run.started";
    public const string RunEnded = "run.ended";
    public const string RunResumed = "run.resumed";
    public const string RunDeleted = "run.deleted";
    public const string RunRestored = "run.restored";

    /// <summary>Relations: a run to its experiment, to its parent, to an artifact, and (with the role appended) to a data set.</summary>
    public const string ToExperiment = "experiment";
    public const string ToParent = "parent";
    public const string ToArtifact = "artifact";
    public const string InputPrefix = RunSearch.InputPrefix;

    public const string ExperimentName = "experiment";
    public const string Name = "name";
    public const string StartedBy = "actor";
    public const string State = "state";
    public const string Ended = "ended";
    public const string Reason = "reason";
    public const string Dropped = "dropped";

    /// <summary>The id of the parent.</summary>
    public const string Parent = "parent";

    /// <summary>Changes with every start and resume: whoever does not know it may not write.</summary>
    public const string Owner = "owner";

    /// <summary>When it was deleted: milliseconds since the Unix epoch by the store's clock. Absent: it is not deleted.</summary>
    public const string Deleted = "deleted";

    /// <summary>The id of the run whose deletion deleted this one: its own, or that of a run above.</summary>
    public const string DeletedWith = "deleted.with";

    /// <summary>The prefixes of attributes that belong to the user.</summary>
    public const string ParamPrefix = SearchKind.ParamPrefix;
    public const string TagPrefix = SearchKind.TagPrefix;
    public const string MetricPrefix = SearchKind.MetricPrefix;
    public const string ArtifactPrefix = "artifact.";

    public static EntityId ExperimentId(string workspace, string experiment) => new(ExperimentKind, experiment, workspace);

    public static EntityId RunId(string workspace, string run) => new(RunKind, run, workspace);

    public static EntityId DatasetId(string workspace, DatasetInput input) => new(DatasetKind, input.Digest.ToString(), workspace);

    public static string Text(RunState state) => state switch
    {
        RunState.Running => "running",
        RunState.Finished => "finished",
        RunState.Failed => "failed",
        RunState.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "This is not a state of a run."),
    };

    public static RunState ParseState(string? text) => text switch
    {
        "running" => RunState.Running,
        "finished" => RunState.Finished,
        "failed" => RunState.Failed,
        "canceled" => RunState.Canceled,
        _ => throw new CorruptedException($"'{text}' is not a state of a run."),
    };

    public static string Text(DatasetRole role) => role switch
    {
        DatasetRole.Training => "training",
        DatasetRole.Validation => "validation",
        DatasetRole.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "This is not a role of a data set."),
    };
}
