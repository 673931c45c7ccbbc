using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// Translates a filter into a condition on a row of <c>entity</c>. Every part is 0 or 1 and never null, so that NOT is the complement. Values become numbered parameters,
/// shared by every statement of a query.
/// </summary>
internal sealed class SqliteFilter(SqliteConnectionHandle connection, SqliteNames names, int kind)
{
    /// <summary>The row of the kind that is asked for.</summary>
    public const string Root = "e";

    private int aliases;

    public SqliteParameters Parameters { get; } = new();

    public string Condition(EntityFilter filter, string row = Root) => filter switch
    {
        EntityFilter.All f => Join(f.Of.Select(inner => Condition(inner, row)).ToList(), "and", "1"),
        EntityFilter.Any f => Join(f.Of.Select(inner => Condition(inner, row)).ToList(), "or", "0"),
        EntityFilter.Not f => $"(not {Condition(f.Of, row)})",
        EntityFilter.Present { Attribute: "@key" or "@created" or "@modified" } => "1",
        EntityFilter.Present f => Name(f.Attribute, row) is { } name
            ? $"(exists(select 1 from number where entity = {row}.seq and name = {name}) or exists(select 1 from text where entity = {row}.seq and name = {name}))"
            : "0",
        EntityFilter.Compare f => Compare(f, row),
        EntityFilter.Linked f => Linked(f, row),
        _ => throw new ArgumentException($"{filter} is not a filter."),
    };

    /// <summary>
    /// A statement that lists the sequence numbers for which a part of the filter holds, from an index; null when there is no index for it. The name of the column is <c>seq</c>.
    /// </summary>
    public string? Candidates(EntityFilter leaf)
    {
        switch (leaf)
        {
            case EntityFilter.Present { Attribute: not ['@', ..] } f when Find(f.Attribute) is { } name:
                return Union(name, "1", "1");
            case EntityFilter.Compare { Attribute: "@key" } f when SqliteComparison.Text(f, "id", Parameters) is { } condition:
                return $"select seq from entity where kind = {Literal(kind)} and {condition}";
            case EntityFilter.Compare { Attribute: not ['@', ..] } f when Find(f.Attribute) is { } name:
                return Union(name, SqliteComparison.Number(f, "value", Parameters), SqliteComparison.Text(f, "value", Parameters));
            case EntityFilter.Linked f when LinkedBy(f.Of) is { } far:
                var (here, there) = Ends(f);
                return names.FindName(connection, SqliteNames.NoKind, f.Relation) is { } relation
                    ? $"select distinct l.{here} as seq from ({far}) c cross join link l on l.{there} = c.seq and l.relation = {Literal(relation)}"
                    : null;
            default:
                return null;
        }
    }

    /// <summary>The number of an attribute of the kind, or null when no entity ever had it.</summary>
    public int? Find(string attribute) => names.FindName(connection, kind, attribute);

    public static string Literal(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static (string Here, string There) Ends(EntityFilter.Linked f) => f.Direction == LinkDirection.Out ? ("source", "target") : ("target", "source");

    private static string? Union(int name, string? number, string? text)
    {
        var numbers = number is null ? null : $"select entity as seq from number where name = {Literal(name)} and {number}";
        var texts = text is null ? null : $"select entity as seq from text where name = {Literal(name)} and {text}";
        return numbers is null ? texts : texts is null ? numbers : $"{numbers} union all {texts}";
    }

    /// <summary>Joins as a balanced tree: SQLite refuses an expression that is 1,000 deep.</summary>
    private static string Join(List<string> parts, string by, string none)
    {
        if (parts.Count == 0)
        {
            return none;
        }

        while (parts.Count > 1)
        {
            parts = parts.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : $"({pair[0]} {by} {pair[1]})").ToList();
        }

        return parts[0];
    }

    private string Compare(EntityFilter.Compare f, string row)
    {
        switch (f.Attribute)
        {
            case "@key":
                return SqliteComparison.Text(f, $"{row}.id", Parameters) ?? "0";
            case "@created":
                return SqliteComparison.Number(f, $"({row}.created / 1000.0)", Parameters) ?? "0";
            case "@modified":
                return SqliteComparison.Number(f, $"({row}.modified / 1000.0)", Parameters) ?? "0";
        }

        if (Name(f.Attribute, row) is not { } name)
        {
            return "0";
        }

        // The plus keeps the planner from reading a range of the value index for each entity.
        var number = SqliteComparison.Number(f, "+value", Parameters);
        var text = SqliteComparison.Text(f, "+value", Parameters);
        var parts = new List<string>();
        if (number is not null)
        {
            parts.Add($"exists(select 1 from number where entity = {row}.seq and name = {name} and {number})");
        }

        if (text is not null)
        {
            parts.Add($"exists(select 1 from text where entity = {row}.seq and name = {name} and {text})");
        }

        return Join(parts, "or", "0");
    }

    private string Linked(EntityFilter.Linked f, string row)
    {
        if (names.FindName(connection, SqliteNames.NoKind, f.Relation) is not { } relation)
        {
            return "0";
        }

        var (here, there) = Ends(f);
        var far = $"e{++aliases}";
        return $"exists(select 1 from link l{far} cross join entity {far} on {far}.seq = l{far}.{there} where l{far}.{here} = {row}.seq and l{far}.relation = {Literal(relation)} and {Condition(f.Of, far)})";
    }

    /// <summary>Lists the far ends that one equality inside a linked filter allows; a superset, because the whole filter is checked again.</summary>
    private string? LinkedBy(EntityFilter of) => of switch
    {
        EntityFilter.All f => f.Of.Select(LinkedBy).FirstOrDefault(found => found is not null),
        EntityFilter.Compare { Operator: Comparison.Equal or Comparison.In, Attribute: "@key" } f => SqliteComparison.Text(f, "id", Parameters) is { } condition
            ? $"select seq from entity where kind in (select id from kind) and {condition}"
            : null,
        EntityFilter.Compare { Operator: Comparison.Equal or Comparison.In, Attribute: not ['@', ..] } f =>
            UnionAnyKind(Parameters.Add(f.Attribute), SqliteComparison.Number(f, "value", Parameters), SqliteComparison.Text(f, "value", Parameters)),
        _ => null,
    };

    private static string? UnionAnyKind(string attribute, string? number, string? text)
    {
        var name = $"name in (select id from name where text = {attribute})";
        var numbers = number is null ? null : $"select entity as seq from number where {name} and {number}";
        var texts = text is null ? null : $"select entity as seq from text where {name} and {text}";
        return numbers is null ? texts : texts is null ? numbers : $"{numbers} union all {texts}";
    }

    /// <summary>The number of an attribute in the kind of a row, as SQL; the kind at the far end of a link is known to the row only.</summary>
    private string? Name(string attribute, string row) => row == Root
        ? Find(attribute) is { } id ? Literal(id) : null
        : $"(select id from name where kind = {row}.kind and text = {Parameters.Add(attribute)})";
}
