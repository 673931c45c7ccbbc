using System.Collections.Frozen;

namespace Mlops.Sdk.Metadata;

/// <summary>The names that filters on one kind of entity may use.</summary>
internal sealed class SearchKind
{
    public const string ParamPrefix = "param.";
    public const string TagPrefix = "tag.";
    public const string MetricPrefix = "metric.";

    /// <summary>Names of the user's own: what stands before the dot, and what the name after it means.</summary>
    public static readonly (string Names, Func<string, SearchField> Field) Metrics = ("metrics|metric", Metric), Params = ("params|param|parameter|parameters", Param), Tags = ("tags|tag", Tag);

    private static readonly string[] AttributeWords = ["attributes", "attribute", "attr", "run"];
    private static readonly SearchField Key = new("@key", "@key", SearchType.Text);
    private static readonly SearchField Created = new("@created", "@created", SearchType.Time);
    private static readonly SearchField Modified = new("@modified", "@modified", SearchType.Time);
    private static readonly SearchKind Open = new(null, Metrics, Params, Tags);

    private readonly FrozenDictionary<string, SearchField>? attributes;
    private readonly FrozenDictionary<string, Func<string, SearchField>> prefixes;

    /// <param name="attributes">The attributes by their names, parted by <c>|</c>, of which messages show the first; null when every name is the name of an attribute.</param>
    /// <param name="prefixes">Names of the user's own.</param>
    public SearchKind(IReadOnlyList<(string Names, SearchField Field)>? attributes, params IReadOnlyList<(string Names, Func<string, SearchField> Field)> prefixes)
    {
        this.attributes = attributes?.SelectMany(a => Split(a.Names).Select(name => (name, Field: a.Field with { Name = Split(a.Names)[0] }))).ToFrozenDictionary(a => a.name, a => a.Field, StringComparer.OrdinalIgnoreCase);
        this.prefixes = prefixes.SelectMany(p => Split(p.Names).Select(name => (name, p.Field))).ToFrozenDictionary(p => p.name, p => p.Field, StringComparer.OrdinalIgnoreCase);
        Known = attributes is null ? "the name of an attribute" : $"one of {string.Join(", ", attributes.Select(a => Split(a.Names)[0]).Concat(prefixes.Select(p => Split(p.Names)[0] + ".NAME")))}";
    }

    /// <summary>The names, for messages.</summary>
    public string Known { get; }

    /// <summary>The names of a kind. A kind that no capability of this SDK searches may use every name.</summary>
    public static SearchKind Of(string kind) => kind switch
    {
        "run" => Tracking.RunSearch.Runs,
        "experiment" => Tracking.RunSearch.Experiments,
        "dataset" => Tracking.RunSearch.Datasets,
        "model" => Registry.RegistrySearch.Models,
        "model-version" => Registry.RegistrySearch.Versions,
        "alias" => Registry.RegistrySearch.Aliases,
        _ => Open,
    };

    public static SearchField Metric(string name) => new("metrics." + name, MetricPrefix + name, SearchType.Number);

    public static SearchField Param(string name) => new("params." + name, ParamPrefix + name, SearchType.Any);

    public static SearchField Tag(string name) => new("tags." + name, TagPrefix + name, SearchType.Text);

    /// <summary>What a name means, or null when it means nothing.</summary>
    /// <param name="before">What stands before the first dot, or null when there is none.</param>
    /// <param name="name">The rest.</param>
    public SearchField? Find(string? before, string name)
    {
        if (before is not null && prefixes.TryGetValue(before, out var field))
        {
            return field(name);
        }

        name = before is null || AttributeWords.Contains(before, StringComparer.OrdinalIgnoreCase) ? name : $"{before}.{name}";
        return name switch
        {
            "@key" => Key,
            "@created" => Created,
            "@modified" => Modified,
            ['@', ..] => null,
            _ => attributes is null ? new(name, name, SearchType.Any) : attributes.GetValueOrDefault(name),
        };
    }

    private static string[] Split(string names) => names.Split('|');
}
