namespace Mlops.Sdk.Cli.Stores;

/// <summary>What holds in every sound store, as queries that count what breaks it.</summary>
internal static class StoreInvariants
{
    /// <summary>Each rule in words with its query, for a database.</summary>
    public static IEnumerable<(string Rule, string Query)> All(StoreDatabase database)
    {
        var (kind, name, entity, number, text) = (database.Table("kind"), database.Table("name"), database.Table("entity"), database.Table("number"), database.Table("text"));
        var (point, link, events, sequence) = (database.Table("point"), database.Table("link"), database.Table("event"), database.Table("sequence"));
        var metric = Column("point", "metric");
        yield return ("every entity has a kind, a revision and times in order", $"select count(*) from {entity} e where e.revision < 1 or e.modified < e.created or not exists (select 1 from {kind} k where k.id = e.kind)");
        foreach (var table in (string[])[number, text])
        {
            yield return ($"every {(table == number ? "number" : "text")} belongs to an entity and a name of its kind",
                $"select count(*) from {table} a where not exists (select 1 from {entity} e join {name} n on n.id = a.name and n.kind = e.kind where e.seq = a.entity)");
        }

        yield return ("no attribute is a number and a text", $"select count(*) from {number} a join {text} b on b.entity = a.entity and b.name = a.name");
        yield return ("every link joins two entities by a relation",
            $"select count(*) from {link} l where not exists (select 1 from {entity} e where e.seq = l.source) or not exists (select 1 from {entity} e where e.seq = l.target) or not exists (select 1 from {name} n where n.id = l.relation and n.kind = 0)");
        yield return ("every metric point belongs to an entity, or waits to be purged",
            $"select count(*) from (select distinct owner from {point}) p where not exists (select 1 from {entity} e where e.seq = p.owner) and not exists (select 1 from {database.Table("purge")} g where g.owner = p.owner)");
        yield return ("the latest value of every metric is its last point",
            $"select count(*) from {number} a where a.step is not null and (not exists (select 1 from {point} p where p.owner = a.entity and p.{metric} = a.name and p.step = a.step and p.ts = a.ts and p.value = a.value) or exists (select 1 from {point} p where p.owner = a.entity and p.{metric} = a.name and p.step > a.step))");
        yield return ("every event has a kind and a type", $"select count(*) from {events} v where not exists (select 1 from {kind} k where k.id = v.kind) or not exists (select 1 from {name} n where n.id = v.type and n.kind = 0)");
        yield return ("no number is higher than the last one handed out", $"select count(*) from {sequence} s join {entity} e on e.kind = s.kind and e.id = s.scope || '/' || cast(s.last + 1 as text)");
        yield return ("no alias points at a version that does not exist",
            $"""
            select count(*) from {kind} k join {entity} e on e.kind = k.id
            join {name} nv on nv.kind = k.id and nv.text = 'version' join {number} v on v.entity = e.seq and v.name = nv.id
            join {name} nm on nm.kind = k.id and nm.text = 'model' join {text} m on m.entity = e.seq and m.name = nm.id
            where k.name = 'alias' and not exists (select 1 from {kind} vk join {entity} ve on ve.kind = vk.id where vk.workspace = k.workspace and vk.name = 'model-version' and ve.id = m.value || '/' || cast(cast(v.value as bigint) as text))
            """);

        string Column(string table, string column) => database.Column(StoreTable.All.Single(t => t.Name == table).Columns.Single(c => c.Name == column));
    }
}
