using System.Globalization;

namespace Mlops.Sdk.Metadata;

/// <summary>Looks for damage: first what SQLite itself can tell, then what the store keeps true between its tables.</summary>
internal static class SqliteCheck
{
    private const int MaxDamages = 20;

    private static readonly (string Sql, string What)[] Rules =
    [
        ("select count(*) from entity where kind not in (select id from kind)", "entities are of no kind"),
        ("select count(*) from number left join entity on entity.seq = number.entity left join name on name.id = number.name and name.kind = entity.kind where name.id is null", "numbers belong to no entity or have no name"),
        ("select count(*) from text left join entity on entity.seq = text.entity left join name on name.id = text.name and name.kind = entity.kind where name.id is null", "texts belong to no entity or have no name"),
        ("select count(*) from number join text using (entity, name)", "attributes are a number and a text at once"),
        ("select count(*) from link where source not in (select seq from entity) or target not in (select seq from entity)", "links have lost an end"),
        ("select count(*) from link where relation not in (select id from name where kind = 0)", "links have no relation"),
        ("select count(*) from (select distinct owner from point) where owner not in (select seq from entity) and owner not in (select owner from purge)", "entities that are gone have left points behind"),
        ("select count(*) from number where step is not null and exists (select 1 from point where owner = number.entity and key = number.name and (step, ts, value) > (number.step, number.ts, number.value))", "metrics have points after their latest value"),
        ("select count(*) from event where kind not in (select id from kind) or type not in (select id from name where kind = 0)", "events have no kind or no type"),
        ("select count(*) from entity where seq > (select sequence from store)", "entities have a number that will be given again"),
        ("select count(*) from event where position > (select position from store)", "events have a position that will be given again"),
    ];

    /// <summary>What is wrong, one text each; empty when nothing is.</summary>
    public static List<string> Run(SqliteConnectionHandle connection)
    {
        var problems = new List<string>();
        var rows = connection[string.Create(CultureInfo.InvariantCulture, $"pragma integrity_check({MaxDamages})")];
        while (rows.Step())
        {
            if (rows.Text(0) is not "ok" and var damage)
            {
                problems.Add(damage);
            }
        }

        // What is damaged may look like anything else.
        if (problems.Count == 0)
        {
            foreach (var (sql, what) in Rules)
            {
                if (connection[sql].Scalar() is > 0 and var count)
                {
                    problems.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}."));
                }
            }
        }

        return problems;
    }
}
