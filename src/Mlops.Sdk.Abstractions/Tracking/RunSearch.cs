using System.Collections.Frozen;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>The names that filters on runs, experiments and data sets may use.</summary>
internal static class RunSearch
{
    public const string InputPrefix = "input.";

    public static readonly SearchField Id = new("run_id", "@key", SearchType.Text);
    public static readonly SearchField Name = new("run_name", "name", SearchType.Text);
    public static readonly SearchField Experiment = new("experiment", "experiment", SearchType.Text);
    public static readonly SearchField State = new("status", "state", SearchType.Text) { Normalize = StateText };
    public static readonly SearchField Actor = new("user", "actor", SearchType.Text);
    public static readonly SearchField Started = new("start_time", "@created", SearchType.Time);
    public static readonly SearchField Ended = new("end_time", "ended", SearchType.Time);

    private static readonly FrozenDictionary<string, string> Roles = Enum.GetNames<DatasetRole>().Select(name => name.ToLowerInvariant()).ToFrozenDictionary(name => name, name => InputPrefix + name);

    public static readonly SearchField DatasetName = new("datasets.name", "name", SearchType.Text) { Through = [.. Roles.Values.Order()] };
    public static readonly SearchField DatasetDigest = new("datasets.digest", "@key", SearchType.Text) { Through = DatasetName.Through };

    private static readonly SearchField Modified = new("modified", "@modified", SearchType.Time);

    public static SearchKind Runs { get; } = new(
        [
            ("run_id|id", Id),
            ("run_name|name|run name", Name),
            ("experiment|experiment_name", Experiment),
            ("status|state", State),
            ("user|user_id|actor", Actor),
            ("start_time|started|created", Started),
            ("end_time|ended", Ended),
            ("last_seen|modified", Modified),
            ("parent|parent_id", new("parent", "parent", SearchType.Text)),
            ("reason", new("reason", "reason", SearchType.Text)),
            ("datasets.name|dataset.name", DatasetName),
            ("datasets.digest|dataset.digest", DatasetDigest),
            ("datasets.context|dataset.context|datasets.role|dataset.role", new("datasets.context", "", SearchType.Text) { Roles = Roles }),
        ],
        SearchKind.Metrics,
        SearchKind.Params,
        SearchKind.Tags);

    public static SearchKind Experiments { get; } = new(
        [("name|experiment", new("name", "@key", SearchType.Text)), ("created|creation_time", Started), ("modified|last_update_time", Modified)],
        SearchKind.Tags);

    public static SearchKind Datasets { get; } = new([("digest", new("digest", "@key", SearchType.Text)), ("name", Name), ("created", Started)], SearchKind.Tags);

    /// <summary>Other trackers write states in capitals and call a canceled run killed.</summary>
    private static string StateText(string text) => text.ToLowerInvariant() is var lower && lower == "killed" ? "canceled" : lower;
}
