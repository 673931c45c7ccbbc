namespace Mlops.Sdk.Cli.Stores;

/// <summary>The type of a column, as the copy sees it.</summary>
internal enum CellType
{
    Small,
    Big,
    Number,
    Text,
    Bytes,
}

/// <summary>A column of a table that every shipped store has.</summary>
/// <param name="Name">Its name in PostgreSQL.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">Whether it may be null.</param>
/// <param name="Sqlite">Its name in SQLite where it differs.</param>
internal sealed record StoreColumn(string Name, CellType Type, bool Nullable = false, string? Sqlite = null);

/// <summary>A table that every shipped store has. Its first column is a number that never changes, which a copy goes along.</summary>
/// <param name="Name">Its name.</param>
/// <param name="What">What its rows are, for people.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record StoreTable(string Name, string What, IReadOnlyList<StoreColumn> Columns)
{
    public StoreColumn Key => Columns[0];

    /// <summary>
    /// Everything that is copied, in this order. The rows of <c>store</c> and <c>purge</c> are not: the one is written at the end, and points of deleted entities are left out.
    /// </summary>
    public static IReadOnlyList<StoreTable> All { get; } =
    [
        new("kind", "kinds", [new("id", CellType.Small), Text("workspace"), Text("name")]),
        new("name", "names", [new("id", CellType.Small), new("kind", CellType.Small), Text("text")]),
        new("entity", "entities", [Big("seq"), new("kind", CellType.Small), Text("id"), Big("revision"), new("version", CellType.Small), Big("created"), Big("modified"), new("body", CellType.Bytes)]),
        new("number", "numbers and latest metrics", [Big("entity"), new("name", CellType.Small), new("value", CellType.Number), new("step", CellType.Big, true), new("ts", CellType.Big, true)]),
        new("text", "texts", [Big("entity"), new("name", CellType.Small), Text("value")]),
        new("link", "links", [Big("source"), new("relation", CellType.Small), Big("target")]),
        new("point", "metric points", [Big("owner"), new("metric", CellType.Small, Sqlite: "key"), Big("step"), Big("ts"), new("value", CellType.Number)]),
        new("event", "events", [Big("position"), new("committed", CellType.Big, Sqlite: "at"), Text("actor"), new("kind", CellType.Small), Text("id"), new("type", CellType.Small), new("why", CellType.Text, true), new("body", CellType.Bytes)]),
        new("sequence", "number sequences", [new("kind", CellType.Small), new("scope_kind", CellType.Small), Text("scope"), Big("last")]),
        new("changeset", "answers to repeated commits", [Big("position"), new("id", CellType.Bytes), new("committed", CellType.Big, Sqlite: "at"), new("created", CellType.Bytes)]),
    ];

    private static StoreColumn Big(string name) => new(name, CellType.Big);

    private static StoreColumn Text(string name) => new(name, CellType.Text);
}

/// <summary>The row that makes a store one: identity, schema version and counters.</summary>
/// <param name="Id">The identity.</param>
/// <param name="Version">The version of the schema.</param>
/// <param name="Position">The last position.</param>
/// <param name="Committed">The time of the last commit, in microseconds.</param>
/// <param name="Entities">The last sequence number of an entity.</param>
/// <param name="Names">The last number of a kind or a name.</param>
internal sealed record StoreHead(Guid Id, int Version, long Position, long Committed, long Entities, int Names);
