namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// The physical schema. Kinds and names are interned; a kind is a (workspace, kind) pair and an attribute name belongs to a kind, so an attribute index holds one kind of one workspace.
/// The row of <c>store</c> is the lock of everybody who commits and holds the counters.
/// </summary>
internal static class SqlSchema
{
    public const int Version = 1;

    /// <summary>A version from here on marks a copy that is not finished.</summary>
    public const int Unfinished = 2_000_000_000;

    /// <summary>The kind of names that belong to no kind: relations and event types.</summary>
    public const int NoKind = 0;

    public static readonly SqlTable Store = new("store", [Int("one"), Key("id", 32), Int("version"), Long("position"), Long("committed"), Long("entities"), Int("names")], "one");
    public static readonly SqlTable Kind = new("kind", [Int("id"), Key("workspace", MetadataLimits.MaxKindLength), Key("name", MetadataLimits.MaxKindLength)], "id", Unique: ["workspace", "name"]);
    public static readonly SqlTable Name = new("name", [Int("id"), Int("kind"), Key("text", MetadataLimits.MaxNameLength)], "id", Unique: ["kind", "text"]);
    public static readonly SqlTable Entity = new(
        "entity", [Long("seq"), Int("kind"), Key("id"), Long("revision"), Int("version"), Long("created"), Long("modified"), Bytes("body")], "seq", Unique: ["kind", "id"], Indexes: ["kind, seq"]);

    public static readonly SqlTable Number = new(
        "number", [Long("entity"), Int("name"), new("value", SqlColumnType.Number), new("step", SqlColumnType.Big, true), new("ts", SqlColumnType.Big, true)], "entity, name", Indexes: ["name, value, entity"]);

    public static readonly SqlTable Text = new("text", [Long("entity"), Int("name"), new("value", SqlColumnType.Text)], "entity, name");
    public static readonly SqlTable Point = new("point", [Long("owner"), Int("metric"), Long("step"), Long("ts"), new("value", SqlColumnType.Number)], null, Indexes: ["owner, metric, step"]);
    public static readonly SqlTable Link = new("link", [Long("source"), Int("relation"), Long("target")], "source, relation, target", Indexes: ["target, relation, source"]);
    public static readonly SqlTable Event = new(
        "event",
        [Long("position"), Long("committed"), Key("actor", MetadataLimits.MaxActorLength), Int("kind"), Key("id"), Int("type"), new("why", SqlColumnType.Text, true), Bytes("body")],
        "position",
        Indexes: ["kind, position", "kind, id, position"]);

    public static readonly SqlTable Sequence = new("sequence", [Int("kind"), Int("scope_kind"), Key("scope"), Long("last")], "kind, scope_kind, scope");
    public static readonly SqlTable Changeset = new("changeset", [new("id", SqlColumnType.BinaryKey, Length: 16), Long("position"), Long("committed"), Bytes("created")], "id", Indexes: ["committed"]);
    public static readonly SqlTable Purge = new("purge", [Long("owner")], "owner");

    public static readonly IReadOnlyList<SqlTable> Tables = [Store, Kind, Name, Entity, Number, Text, Point, Link, Event, Sequence, Changeset, Purge];

    /// <summary>Everything that makes an empty store, statement by statement.</summary>
    public static IEnumerable<string> Create(ISqlDialect dialect) =>
        [.. dialect.BeforeTables, .. Tables.SelectMany(table => table.Create(dialect)), .. dialect.AfterTables, First(dialect)];

    /// <summary>The row of the store comes last: it says that everything else is there.</summary>
    private static string First(ISqlDialect dialect) => $"insert into {dialect.Table("store")} (one, id, version, position, committed, entities, names) values (1, '{MlopsId.New():N}', {SqlFilter.Literal(Version)}, 0, 0, 0, 0)";

    private static SqlColumn Int(string name) => new(name, SqlColumnType.Small);

    private static SqlColumn Long(string name) => new(name, SqlColumnType.Big);

    private static SqlColumn Key(string name, int length = MetadataLimits.MaxKeyLength) => new(name, SqlColumnType.Key, Length: length);

    private static SqlColumn Bytes(string name) => new(name, SqlColumnType.Bytes);
}

/// <summary>A table with its keys.</summary>
internal sealed record SqlTable(string TableName, IReadOnlyList<SqlColumn> Columns, string? PrimaryKey, string[]? Unique = null, string[]? Indexes = null)
{
    public IEnumerable<string> Create(ISqlDialect dialect)
    {
        var parts = Columns.Select(c => $"{c.Name} {dialect.Type(c)} {(c.Nullable ? "null" : "not null")}").ToList();
        if (PrimaryKey is not null)
        {
            parts.Add($"primary key ({PrimaryKey})");
        }

        if (Unique is not null)
        {
            parts.Add($"unique ({string.Join(", ", Unique)})");
        }

        var ifNeeded = dialect.HasTransactionalDdl ? "" : "if not exists ";
        yield return $"create table {ifNeeded}{dialect.Table(TableName)} ({string.Join(", ", parts)})";
        foreach (var index in Indexes ?? [])
        {
            var name = $"{TableName}_{index.Replace(", ", "_", StringComparison.Ordinal)}";
            yield return $"create index {ifNeeded}{name} on {dialect.Table(TableName)} ({index})";
        }
    }
}
