using System.Data.Common;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// How an order is read. A page is made of sections one after the other, so that "absent last" never needs an outer join: numbers, NaN, texts, absent.
/// A section walks an index; a drive sorts candidates by the same rules.
/// </summary>
internal sealed class SqlOrder
{
    public const byte Numbers = 0, NotANumber = 1, Texts = 2, Absent = 3;
    private readonly ISqlDialect dialect;
    private readonly SqlFilter filter;
    private readonly string by;
    private readonly string kind;
    private readonly string? name;
    private readonly string direction;
    private readonly bool descending;

    /// <param name="dialect">The dialect.</param>
    /// <param name="order">The order of the query, or null for the order of creation, newest first.</param>
    /// <param name="filter">Translates the filter and finds the number of the attribute.</param>
    /// <param name="kind">The kind that is asked for.</param>
    public SqlOrder(ISqlDialect dialect, Order? order, SqlFilter filter, int kind)
    {
        this.dialect = dialect;
        this.filter = filter;
        by = order?.Attribute ?? "@created";
        descending = order?.Descending ?? true;
        direction = descending ? "desc" : "asc";
        this.kind = SqlFilter.Literal(kind);
        name = by is "@created" or "@modified" or "@key" ? null : filter.Find(by) is { } id ? SqlFilter.Literal(id) : "-1";
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

    /// <summary>Asks how many entities there are and how many of them have the attribute: when all have it, the last section need not be searched.</summary>
    public SqlStatement Counts() => new(
        dialect,
        $"select (select count(*) from {dialect.Table("entity")} where kind = {kind}), (select count(*) from {dialect.Table("number")} where name = {name}) + (select count(*) from {dialect.Table("text")} where name = {name})");

    /// <summary>The rows of one section after a place, in order: the columns seq and value.</summary>
    /// <param name="section">The section.</param>
    /// <param name="after">The place, or null for the beginning.</param>
    /// <param name="steps">How far to walk, or null to the end.</param>
    /// <param name="where">The filter.</param>
    /// <param name="take">How many rows.</param>
    public SqlStatement Walk(byte section, PageToken? after, int? steps, EntityFilter? where, int take)
    {
        var statement = new SqlStatement(dialect);
        var (from, sequence, value) = Source(section, statement);
        var place = After(section, after, value, sequence, statement);
        var bound = steps is { } count ? $" order by {Ordering(section, sequence, value)} limit {SqlFilter.Literal(count)}" : "";

        // Rows of an attribute are of the right kind already; the entity is looked at only when the filter asks for what it alone has.
        var isEntity = sequence == "e.seq";
        var inner = $"select {sequence} as seq, {value ?? "null"} as value{(isEntity ? ", e.kind, e.id, e.created, e.modified" : "")} from {from} and {place}{bound}";
        var (rows, row) = isEntity || !SqlFilter.NeedsEntity(where) ? ($"({inner}) e", "e") : ($"({inner}) w join {dialect.Table("entity")} e on e.seq = w.seq", "w");
        return statement.Append(
            $"select {row}.seq, {row}.value from {rows} where {filter.Condition(where, statement)} order by {Ordering(section, $"{row}.seq", value is null ? null : $"{row}.value")} limit {SqlFilter.Literal(take)}");
    }

    /// <summary>The rows among candidates for which the filter holds, after a place, in order: columns seq, section, number, text.</summary>
    public SqlStatement Drive(Func<SqlStatement, string>? candidates, PageToken? after, EntityFilter? where, int take)
    {
        var statement = new SqlStatement(dialect);
        var (number, text) = by switch
        {
            "@created" => ("e.seq", "null"),
            "@modified" => ("e.modified", "null"),
            "@key" => ("null", "e.id"),
            _ => ($"(select value from {dialect.Table("number")} where entity = e.seq and name = {name})", $"(select value from {dialect.Table("text")} where entity = e.seq and name = {name})"),
        };
        var section = by switch
        {
            "@created" or "@modified" => "0",
            "@key" => "2",
            _ => $"case when number is null then case when text is null then 3 else 2 end when {SqlComparison.IsNumber("number", statement)} then 0 else 1 end",
        };
        var place = "1 = 1";
        if (after is { } a)
        {
            var column = by == "@created" ? null : a.Section == Texts ? "text" : a.Section == Numbers ? "number" : null;
            place = $"(section > {SqlFilter.Literal(a.Section)} or (section = {SqlFilter.Literal(a.Section)} and {After(a.Section, after, column, "seq", statement)}))";
        }

        var source = candidates is null ? $"{dialect.Table("entity")} e" : $"({candidates(statement)}) c join {dialect.Table("entity")} e on e.seq = c.seq";
        return statement.Append($"""
            select seq, section, number, text from (
              select seq, {section} as section, number, text from (
                select e.seq as seq, {number} as number, {text} as text from {source} where e.kind = {kind} and {filter.Condition(where, statement)}) r) s
            where {place} order by section, number {direction}, text {direction}, seq desc limit {SqlFilter.Literal(take)}
            """);
    }

    /// <summary>The place of a row of <see cref="Walk"/>.</summary>
    public PageToken Place(byte section, DbDataReader row) => new(
        section,
        section != Numbers ? 0 : row.IsDBNull(1) ? row.GetInt64(0) : dialect.Decode(row.GetDouble(1)),
        section == Texts ? row.GetString(1) : null,
        row.GetInt64(0));

    /// <summary>The place of a row of <see cref="Drive"/>.</summary>
    public PageToken Place(DbDataReader row)
    {
        var section = (byte)row.GetInt32(1);
        var number = section != Numbers ? 0 : by is "@created" or "@modified" ? row.GetInt64(2) : dialect.Decode(row.GetDouble(2));
        return new(section, number, section == Texts ? row.GetString(3) : null, row.GetInt64(0));
    }

    private (string From, string Sequence, string? Value) Source(byte section, SqlStatement statement)
    {
        var entity = $"{dialect.Table("entity")} e where e.kind = {kind}";
        string From(string table) => $"{dialect.Table(table)} v where v.name = {name}";
        return by switch
        {
            "@created" => (entity, "e.seq", null),
            "@key" => (entity, "e.seq", "e.id"),
            _ => section switch
            {
                Numbers => ($"{From("number")} and {SqlComparison.IsNumber("v.value", statement)}", "v.entity", "v.value"),
                NotANumber => ($"{From("number")} and v.value = {statement.AddNumber(double.NaN)}", "v.entity", null),
                Texts => (From("text"), "v.entity", "v.value"),
                _ => ($"{entity} and not exists (select 1 from {dialect.Table("number")} where entity = e.seq and name = {name}) and not exists (select 1 from {dialect.Table("text")} where entity = e.seq and name = {name})", "e.seq", null),
            },
        };
    }

    private string Ordering(byte section, string sequence, string? value)
    {
        if (value is null)
        {
            return $"{sequence} {(by == "@created" ? direction : "desc")}";
        }

        var start = section == Texts && by != "@key" ? dialect.IndexedText(value) : null;
        return start is null ? $"{value} {direction}, {sequence} desc" : $"{start} {direction}, {value} {direction}, {sequence} desc";
    }

    private string After(byte section, PageToken? after, string? value, string sequence, SqlStatement statement)
    {
        if (after is not { } a || a.Section != section)
        {
            return "1 = 1";
        }

        if (value is null)
        {
            return $"{sequence} {(by == "@created" && !descending ? ">" : "<")} {statement.Add(a.Sequence)}";
        }

        object Value() => section == Texts ? a.Text! : by == "@modified" ? (long)a.Number : dialect.Encode(a.Number);
        var (past, upTo) = descending ? ("<", "<=") : (">", ">=");
        var start = section == Texts && by != "@key" && dialect.IndexedText(value) is { } indexed ? $"{indexed} {upTo} {dialect.IndexedText(statement.Add(a.Text!))} and " : "";
        return $"({start}{value} {upTo} {statement.Add(Value())} and ({value} {past} {statement.Add(Value())} or {sequence} < {statement.Add(a.Sequence)}))";
    }
}
