using System.Globalization;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// Translates a filter into a condition on a row <c>e</c> of <c>entity</c>. Every part is true or false and never null, so that NOT is the complement. Attributes are read by scalar subqueries,
/// which no planner turns into a join over all of them.
/// </summary>
internal sealed class SqlFilter(ISqlDialect dialect, SqlNames names, int kind)
{
    /// <summary>The row of the kind that is asked for.</summary>
    public const string Root = "e";

    private const string True = "1 = 1";
    private const string False = "1 = 0";
    private readonly SqlComparison comparison = new(dialect);
    private int aliases;

    public string Condition(EntityFilter? filter, SqlStatement statement, string row = Root) => filter switch
    {
        null => True,
        EntityFilter.All f => Join(f.Of.OrderBy(Chance).Select(inner => Condition(inner, statement, row)).ToList(), "and", True),
        EntityFilter.Any f => Join(f.Of.Select(inner => Condition(inner, statement, row)).ToList(), "or", False),
        EntityFilter.Not f => $"(not {Condition(f.Of, statement, row)})",
        EntityFilter.Present { Attribute: "@key" or "@created" or "@modified" } => $"({True})",
        EntityFilter.Present f => Name(f.Attribute, row, statement) is { } name
            ? $"(exists (select 1 from {dialect.Table("number")} where entity = {row}.seq and name = {name}) or exists (select 1 from {dialect.Table("text")} where entity = {row}.seq and name = {name}))"
            : $"({False})",
        EntityFilter.Compare f => Compare(f, row, statement),
        EntityFilter.Linked f => Linked(f, row, statement),
        _ => throw new ArgumentException($"{filter} is not a filter."),
    };

    /// <summary>
    /// Writes a query that lists the sequence numbers (<c>seq</c>) for which a part of the filter holds, from an index, once for each statement that needs it; null when no index lists them.
    /// </summary>
    public Func<SqlStatement, string>? Candidates(EntityFilter leaf)
    {
        switch (leaf)
        {
            case EntityFilter.Present { Attribute: not ['@', ..] } f when Find(f.Attribute) is { } name:
                return _ => Union($"name = {Literal(name)}", True, True)!;
            case EntityFilter.Compare { Attribute: "@key" } f when comparison.Text(f, "id", new(dialect)) is not null:
                return statement => $"select seq from {dialect.Table("entity")} where kind = {Literal(kind)} and {comparison.Text(f, "id", statement)}";
            case EntityFilter.Compare { Attribute: not ['@', ..] } f when Find(f.Attribute) is { } name && Lists(f):
                return statement => Union($"name = {Literal(name)}", comparison.Number(f, "value", statement), comparison.Text(f, "value", statement, indexed: true))!;
            case EntityFilter.Linked f when LinkedBy(f.Of) is { } far && names.TryName(SqlSchema.NoKind, f.Relation, out var relation):
                var (here, there) = Ends(f);
                return statement => $"select distinct l.{here} as seq from ({far(statement)}) c join {dialect.Table("link")} l on l.{there} = c.seq and l.relation = {Literal(relation)}";
            default:
                return null;
        }
    }

    /// <summary>Whether all names of a filter are known that decide about its translation.</summary>
    public static bool Knows(EntityFilter? filter, SqlNames names, int kind) => filter switch
    {
        EntityFilter.All f => f.Of.All(inner => Knows(inner, names, kind)),
        EntityFilter.Any f => f.Of.All(inner => Knows(inner, names, kind)),
        EntityFilter.Not f => Knows(f.Of, names, kind),
        EntityFilter.Present f => f.Attribute is ['@', ..] || names.TryName(kind, f.Attribute, out _),
        EntityFilter.Compare f => f.Attribute is ['@', ..] || names.TryName(kind, f.Attribute, out _),
        EntityFilter.Linked f => names.TryName(SqlSchema.NoKind, f.Relation, out _),
        _ => true,
    };

    /// <summary>Whether a filter asks for what the row of the entity alone holds.</summary>
    public static bool NeedsEntity(EntityFilter? filter) => filter switch
    {
        EntityFilter.All f => f.Of.Any(NeedsEntity),
        EntityFilter.Any f => f.Of.Any(NeedsEntity),
        EntityFilter.Not f => NeedsEntity(f.Of),
        EntityFilter.Compare f => f.Attribute is ['@', ..],
        _ => false,
    };

    /// <summary>The number of an attribute of the kind, or null when no entity ever had it.</summary>
    public int? Find(string attribute) => names.TryName(kind, attribute, out var id) ? id : null;

    public static string Literal(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static (string Here, string There) Ends(EntityFilter.Linked f) => f.Direction == LinkDirection.Out ? ("source", "target") : ("target", "source");

    /// <summary>What fails most often is looked at first: an equality rules out more than anything else.</summary>
    private static int Chance(EntityFilter filter) => filter is EntityFilter.Compare { Operator: Comparison.Equal or Comparison.In } ? 0 : 1;

    /// <summary>Joins as a balanced tree: databases limit how deep an expression is.</summary>
    private static string Join(List<string> parts, string by, string none)
    {
        if (parts.Count == 0)
        {
            return $"({none})";
        }

        while (parts.Count > 1)
        {
            parts = parts.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : $"({pair[0]} {by} {pair[1]})").ToList();
        }

        return parts[0];
    }

    private bool Lists(EntityFilter.Compare f) => comparison.Number(f, "value", new(dialect)) is not null || comparison.Text(f, "value", new(dialect)) is not null;

    private string? Union(string name, string? number, string? text)
    {
        var numbers = number is null ? null : $"select entity as seq from {dialect.Table("number")} where {name} and {number}";
        var texts = text is null ? null : $"select entity as seq from {dialect.Table("text")} where {name} and {text}";
        return numbers is null ? texts : texts is null ? numbers : $"{numbers} union all {texts}";
    }

    private string Compare(EntityFilter.Compare f, string row, SqlStatement statement)
    {
        switch (f.Attribute)
        {
            case "@key":
                return $"({comparison.Text(f, $"{row}.id", statement) ?? False})";
            case "@created":
                return $"({comparison.Number(f, $"({row}.created / 1000.0)", statement) ?? False})";
            case "@modified":
                return $"({comparison.Number(f, $"({row}.modified / 1000.0)", statement) ?? False})";
        }

        if (Name(f.Attribute, row, statement) is not { } name)
        {
            return $"({False})";
        }

        var parts = new List<string>();
        if (comparison.Number(f, "value", statement) is { } number)
        {
            parts.Add($"coalesce((select {number} from {dialect.Table("number")} where entity = {row}.seq and name = {name}), {False})");
        }

        if (comparison.Text(f, "value", statement) is { } text)
        {
            parts.Add($"coalesce((select {text} from {dialect.Table("text")} where entity = {row}.seq and name = {name}), {False})");
        }

        return Join(parts, "or", False);
    }

    private string Linked(EntityFilter.Linked f, string row, SqlStatement statement)
    {
        if (!names.TryName(SqlSchema.NoKind, f.Relation, out var relation))
        {
            return $"({False})";
        }

        var (here, there) = Ends(f);
        var far = $"e{++aliases}";
        return $"exists (select 1 from {dialect.Table("link")} l{far} join {dialect.Table("entity")} {far} on {far}.seq = l{far}.{there} where l{far}.{here} = {row}.seq and l{far}.relation = {Literal(relation)} and {Condition(f.Of, statement, far)})";
    }

    /// <summary>Lists the far ends that one equality inside a linked filter allows; a superset, because the whole filter is checked again.</summary>
    private Func<SqlStatement, string>? LinkedBy(EntityFilter of) => of switch
    {
        EntityFilter.All f => f.Of.Select(LinkedBy).FirstOrDefault(found => found is not null),
        EntityFilter.Compare { Operator: Comparison.Equal or Comparison.In, Attribute: "@key" } f when comparison.Text(f, "id", new(dialect)) is not null =>
            statement => $"select seq from {dialect.Table("entity")} where kind in (select id from {dialect.Table("kind")}) and {comparison.Text(f, "id", statement)}",
        EntityFilter.Compare { Operator: Comparison.Equal or Comparison.In, Attribute: not ['@', ..] } f when Lists(f) && MetadataLimits.CanExist(f.Attribute) => statement => Union(
            $"name in (select id from {dialect.Table("name")} where text = {statement.Add(f.Attribute)})",
            comparison.Number(f, "value", statement),
            comparison.Text(f, "value", statement, indexed: true))!,
        _ => null,
    };

    /// <summary>The number of an attribute in the kind of a row, as SQL; the kind at the far end of a link is known to the row only.</summary>
    private string? Name(string attribute, string row, SqlStatement statement) => row == Root
        ? Find(attribute) is { } id ? Literal(id) : null
        : !MetadataLimits.CanExist(attribute) ? null
        : $"(select id from {dialect.Table("name")} where kind = {row}.kind and text = {statement.Add(attribute)})";
}
