namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// Rows as they are stored, as they will be after the changesets of a group that were accepted, and as the changeset in hand would leave them.
/// </summary>
internal sealed class SqlLayers<TKey, TRow>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TRow> stored = [];
    private readonly Dictionary<TKey, TRow> accepted = [];
    private readonly Dictionary<TKey, TRow> tentative = [];

    /// <summary>Takes a row that was read.</summary>
    public void Load(TKey key, TRow row) => stored[key] = row;

    /// <summary>The row as it stands now, or the default when there is none.</summary>
    public TRow? Find(TKey key) =>
        tentative.TryGetValue(key, out var row) || accepted.TryGetValue(key, out row) || stored.TryGetValue(key, out row) ? row : default;

    public void Set(TKey key, TRow row) => tentative[key] = row;

    /// <summary>The changeset in hand was accepted.</summary>
    public void Accept()
    {
        foreach (var (key, row) in tentative)
        {
            accepted[key] = row;
        }

        tentative.Clear();
    }

    /// <summary>The changeset in hand was refused.</summary>
    public void Refuse() => tentative.Clear();

    /// <summary>What has to be written.</summary>
    public IEnumerable<(TKey Key, TRow? Stored, TRow Row)> Changes() => accepted.Select(row => (row.Key, stored.GetValueOrDefault(row.Key), row.Value));
}
