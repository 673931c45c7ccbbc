namespace Mlops.Sdk.Metadata;

/// <summary>
/// How an order is read. A page is made of sections one after the other, so that "absent last" never needs an outer join: numbers, NaN, texts, absent.
/// A section walks an index; a drive sorts candidates by the same rules.
/// </summary>
internal sealed class SqliteOrder
{
    public const byte Numbers = 0, NotANumber = 1, Texts = 2, Absent = 3;
    private readonly string by;
    private readonly string kind;
    private readonly string? name;
    private readonly string direction;
    private readonly bool descending;

    /// <param name="order">The order of the query, or null for the order of creation, newest first.</param>
    /// <param name="filter">Finds the number of the attribute.</param>
    /// <param name="kind">The kind that is asked for.</param>
    public SqliteOrder(Order? order, SqliteFilter filter, int kind)
    {
        by = order?.Attribute ?? "@created";
        descending = order?.Descending ?? true;
        direction = descending ? "desc" : "asc";
        this.kind = SqliteFilter.Literal(kind);
        name = by is "@created" or "@modified" or "@key" ? null : filter.Find(by) is { } id ? SqliteFilter.Literal(id) : "-1";
    }

    /// <summary>The sections of this order, in order.</summary>
    public IReadOnlyList<byte> Sections => by switch
    {
        "@created" or "@modified" => [Numbers],
        "@key" => [Texts],
        _ => [Numbers, NotANumber, Texts, Absent],
    };

    /// <summary>Whether there is an index to walk.</summary>
    public bool CanWalk => by != "@modified";

    /// <summary>Whether each entity is in an earlier section, so that the last need not be looked at: two counts in an index instead of a search for each entity.</summary>
    public bool NoneAbsent(SqliteConnectionHandle connection) =>
        connection[$"select (select count(*) from entity where kind = {kind}) = (select count(*) from number where name = {name}) + (select count(*) from text where name = {name})"].Scalar() == 1;

    /// <summary>The rows of one section after a place, in order, as a statement with the columns seq and value and the entity as <c>e</c>.</summary>
    public string Walk(byte section, PageToken? after, string? bound, string condition, SqliteParameters parameters, string rest)
    {
        var (from, sequence, value) = Source(section);
        var ties = value is null ? $"{sequence} {(by == "@created" ? direction : "desc")}" : $"{value} {direction}, {sequence} desc";
        return $"select {sequence}, {value ?? "null"} from {from} and {After(section, after, value, sequence, parameters)} and {bound ?? "1"} and {condition} order by {ties} {rest}";
    }

    /// <summary>A condition that holds up to the row that a walk would reach after so many steps; null when there are fewer.</summary>
    public string? Bound(SqliteConnectionHandle connection, byte section, PageToken? after, int steps, SqliteParameters parameters)
    {
        var (_, sequence, value) = Source(section);
        var (from, _, _) = Source(section, bare: true);
        var by = value is null ? $"{sequence} {(this.by == "@created" ? direction : "desc")}" : $"{value} {direction}";
        var row = parameters.Bind(connection[$"select {value ?? sequence} from {from} and {After(section, after, value, sequence, parameters)} order by {by} limit 1 offset {SqliteFilter.Literal(steps)}"]);
        if (!row.Step())
        {
            return null;
        }

        var last = section == Texts ? parameters.Add(row.Text(0)) : value is null ? parameters.Add(row.Long(0)) : parameters.Add(row.Double(0));
        row.Reset();
        var up = value is null ? by.EndsWith("asc", StringComparison.Ordinal) : !descending;
        return $"{value ?? sequence} {(up ? "<=" : ">=")} {last}";
    }

    /// <summary>The rows among candidates for which the condition holds, after a place, in order: columns seq, section, number, text.</summary>
    public string Drive(string candidates, PageToken? after, string condition, SqliteParameters parameters, string rest)
    {
        var (number, text) = by switch
        {
            "@created" => ("e.seq", "null"),
            "@modified" => ("e.modified / 1000.0", "null"),
            "@key" => ("null", "e.id"),
            _ => ($"(select value from number where entity = e.seq and name = {name})", $"(select value from text where entity = e.seq and name = {name})"),
        };
        var place = "1";
        if (after is { } a)
        {
            var column = a.Section == Texts ? "text" : a.Section == Numbers ? "number" : null;
            place = $"(section > {SqliteFilter.Literal(a.Section)} or (section = {SqliteFilter.Literal(a.Section)} and {After(a.Section, after, by == "@created" ? null : column, "seq", parameters)}))";
        }

        return $"""
            select seq, section, number, text from (
              select seq, case typeof(number) when 'null' then case when text is null then 3 else 2 end when 'text' then 1 else 0 end as section, number, text from (
                select e.seq as seq, {number} as number, {text} as text from ({candidates}) c cross join entity e on e.seq = c.seq where e.kind = {kind} and {condition}))
            where {place} order by section, number {direction}, text {direction}, seq desc {rest}
            """;
    }

    private (string From, string Sequence, string? Value) Source(byte section, bool bare = false)
    {
        var entity = $"entity e where e.kind = {kind}";
        string Join(string table) => bare ? $"{table} v where v.name = {name}" : $"{table} v cross join entity e on e.seq = v.entity where v.name = {name}";
        return by switch
        {
            "@created" => (entity, "e.seq", null),
            "@key" => (entity, "e.seq", "e.id"),
            _ => section switch
            {
                Numbers => ($"{Join("number")} and v.value < ''", "v.entity", "v.value"),
                NotANumber => ($"{Join("number")} and v.value = 'NaN'", "v.entity", null),
                Texts => (Join("text"), "v.entity", "v.value"),
                _ => ($"{entity} and not exists(select 1 from number where entity = e.seq and name = {name}) and not exists(select 1 from text where entity = e.seq and name = {name})", "e.seq", null),
            },
        };
    }

    private string After(byte section, PageToken? after, string? value, string sequence, SqliteParameters parameters)
    {
        if (after is not { } a || a.Section != section)
        {
            return "1";
        }

        var last = parameters.Add(a.Sequence);
        if (value is null)
        {
            return by == "@created" && !descending ? $"{sequence} > {last}" : $"{sequence} < {last}";
        }

        var at = section == Texts ? parameters.Add(a.Text!) : parameters.Add(a.Number);
        return descending ? $"({value}, {sequence}) < ({at}, {last})" : $"({value} >= {at} and ({value} > {at} or {sequence} < {last}))";
    }
}
