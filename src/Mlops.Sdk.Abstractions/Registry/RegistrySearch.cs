using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Registry;

/// <summary>The names that filters on models, versions and aliases may use.</summary>
internal static class RegistrySearch
{
    private static readonly SearchField Created = new("created", "@created", SearchType.Time);
    private static readonly SearchField Modified = new("modified", "@modified", SearchType.Time);
    private static readonly SearchField Model = new("model", "model", SearchType.Text);

    private static readonly (string, SearchField) Description = ("description", new("description", "description", SearchType.Text));
    private static readonly (string, SearchField) Owner = ("owner", new("owner", "owner", SearchType.Text));

    public static SearchKind Models { get; } = new(
        [("name|model", new("name", "@key", SearchType.Text)), Description, Owner, ("created|creation_timestamp|timestamp", Created), ("modified|last_updated_timestamp", Modified)],
        SearchKind.Tags);

    public static SearchKind Versions { get; } = new(
        [
            ("model|name", Model),
            ("version|version_number", new("version", "number", SearchType.Number) { QuotedNumbers = true }),
            ("package", new("package", "package", SearchType.Text)),
            ("model_digest", new("model_digest", "modelDigest", SearchType.Text)),
            ("runtime", new("runtime", "runtime", SearchType.Text)),
            Description,
            Owner,
            ("approval", new("approval", "approval", SearchType.Text)),
            ("deleted", new("deleted", "deleted", SearchType.Number)),
            ("run_id", new("run_id", "@key", SearchType.Text) { Through = ["made-by"] }),
            ("datasets.name|dataset.name", Tracking.RunSearch.DatasetName),
            ("datasets.digest|dataset.digest", Tracking.RunSearch.DatasetDigest),
            ("created|creation_timestamp", Created),
            ("modified|last_updated_timestamp", Modified),
        ],
        SearchKind.Tags);

    public static SearchKind Aliases { get; } = new(
        [
            ("model", Model),
            ("alias|name", new("alias", "alias", SearchType.Text)),
            ("version", new("version", "version", SearchType.Number) { QuotedNumbers = true }),
            ("created", Created),
            ("modified", Modified),
        ]);
}
