using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tracking;

/// <summary>
/// What <see cref="RunQuery.Filter"/> and <see cref="RunQuery.OrderBy"/> are made of:
/// <c>RunFilter.Metric("auc") > 0.8 &amp; (RunFilter.Param("trainer") == "LightGbm" | RunFilter.Tag("team").In("a", "b")) &amp; !RunFilter.Tag("ignored").Exists</c>.
/// </summary>
public static class RunFilter
{
    /// <summary>The id.</summary>
    public static FilterField<string> Id { get; } = Text(RunSearch.Id);

    /// <summary>The name for people.</summary>
    public static FilterField<string> Name { get; } = Text(RunSearch.Name);

    /// <summary>The experiment.</summary>
    public static FilterField<string> Experiment { get; } = Text(RunSearch.Experiment);

    /// <summary>The state.</summary>
    public static FilterField<RunState> State { get; } = new(RunSearch.State, state => state.ToString());

    /// <summary>Who started it.</summary>
    public static FilterField<string> Actor { get; } = Text(RunSearch.Actor);

    /// <summary>When it was started, by the store's clock.</summary>
    public static FilterField<DateTimeOffset> Started { get; } = new(RunSearch.Started, FilterTerm.Time);

    /// <summary>When it ended, by the writer's clock, in milliseconds; a run that has not ended has no value.</summary>
    public static FilterField<DateTimeOffset> Ended { get; } = new(RunSearch.Ended, FilterTerm.Time);

    /// <summary>The name of a data set that it read.</summary>
    public static FilterField<string> DatasetName { get; } = Text(RunSearch.DatasetName);

    /// <summary>The digest of a data set that it read.</summary>
    public static FilterField<Digest> DatasetDigest { get; } = new(RunSearch.DatasetDigest, digest => digest.ToString());

    /// <summary>The latest value of a metric.</summary>
    public static FilterField<double> Metric(string name) => new(SearchKind.Metric(Check(name)), value => value);

    /// <summary>A param. A text that reads as a number, such as "6", equals that number too; otherwise numbers and texts are never equal, and neither is less or greater than the other.</summary>
    public static FilterField<AttributeValue> Param(string name) => new(SearchKind.Param(Check(name)), value => value);

    /// <summary>A tag.</summary>
    public static FilterField<string> Tag(string name) => Text(SearchKind.Tag(Check(name)));

    private static FilterField<string> Text(SearchField field) => new(field, value => value);

    private static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }
}
