namespace Mlops.Sdk.Metadata;

/// <summary>
/// Read-only views for people with an SQL client. They read attributes, links and events, never bodies, so that what a capability keeps in its records can change. A column that a query does not ask for costs nothing.
/// Grants on the views are enough to read them. A number is null where it is NaN, as in every other database.
/// </summary>
internal static class PostgreSqlViews
{
    public static IEnumerable<string> Create(string schema)
    {
        return
        [
            $"""
            create view {schema}.runs as select k.workspace, e.id as run_id, {Text("experiment")} as experiment, {Text("name")} as name, {Text("state")} as state, {Event("actor", "asc")} as actor,
              {Time("e.created", 1_000_000)} as started, {Time(Number("ended"), 1000)} as ended, {Time("e.modified", 1_000_000)} as last_seen, {Text("reason")} as reason, coalesce({Number("dropped")}, 0)::bigint as dropped_points,
              {Text("parent")} as parent_id, {Time(Number("deleted"), 1000)} as deleted
            from {schema}.kind k join {schema}.entity e on e.kind = k.id where k.name = 'run'
            """,
            $"""
            create view {schema}.run_params as select k.workspace, e.id as run_id, substr(n.text, 7) as param, a.value, null::double precision as number
            from {schema}.kind k join {schema}.entity e on e.kind = k.id join {schema}.text a on a.entity = e.seq join {schema}.name n on n.id = a.name where k.name = 'run' and starts_with(n.text, 'param.')
            union all select k.workspace, e.id, substr(n.text, 7), a.value::text, nullif(a.value, 'NaN')
            from {schema}.kind k join {schema}.entity e on e.kind = k.id join {schema}.number a on a.entity = e.seq join {schema}.name n on n.id = a.name where k.name = 'run' and starts_with(n.text, 'param.')
            """,
            $"""
            create view {schema}.run_metrics_latest as select k.workspace, e.id as run_id, substr(n.text, 8) as metric, nullif(a.value, 'NaN') as value, a.value = 'NaN' as is_nan, a.step, {Time("a.ts", 1000)} as at
            from {schema}.kind k join {schema}.entity e on e.kind = k.id join {schema}.number a on a.entity = e.seq join {schema}.name n on n.id = a.name where k.name = 'run' and starts_with(n.text, 'metric.')
            """,
            $"""
            create view {schema}.model_versions as select k.workspace, {Text("model")} as model, {Number("number")}::integer as version, {Text("package")} as package, {Text("modelDigest")} as model_digest, {Text("runtime")} as runtime,
              {Event("actor", "asc")} as actor, {Time("e.created", 1_000_000)} as created, {Target("made-by", "t.kind_name")} as run_kind, {Target("made-by", "t.id")} as run_id, {Target("gate-report", "t.id")} as gate_report,
              {Text("description")} as description, {Text("owner")} as owner, {Text("approval")} as approval, {Number("deleted")} is not null as is_deleted
            from {schema}.kind k join {schema}.entity e on e.kind = k.id where k.name = 'model-version'
            """,
            $"""
            create view {schema}.aliases as select k.workspace, {Text("model")} as model, {Text("alias")} as alias, {Number("version")}::integer as version, {Event("actor", "desc")} as actor,
              {Time("e.modified", 1_000_000)} as moved, {Event("why", "desc")} as why
            from {schema}.kind k join {schema}.entity e on e.kind = k.id where k.name = 'alias' and {Number("version")} is not null
            """,
            $"""
            create view {schema}.lineage as select sk.workspace, sk.name as from_kind, s.id as from_id, n.text as relation, tk.name as to_kind, t.id as to_id, tk.workspace as to_workspace
            from {schema}.link l join {schema}.name n on n.id = l.relation join {schema}.entity s on s.seq = l.source join {schema}.kind sk on sk.id = s.kind
              join {schema}.entity t on t.seq = l.target join {schema}.kind tk on tk.id = t.kind
            """,
        ];

        string Text(string attribute) => Attribute("text", attribute);

        string Number(string attribute) => Attribute("number", attribute);

        string Attribute(string table, string attribute) => $"(select a.value from {schema}.name n join {schema}.{table} a on a.name = n.id where n.kind = k.id and n.text = '{attribute}' and a.entity = e.seq)";

        string Event(string column, string direction) => $"(select v.{column} from {schema}.event v where v.kind = e.kind and v.id = e.id order by v.position {direction} limit 1)";

        string Target(string relation, string column) =>
            $"(select {column} from {schema}.name n join {schema}.link l on l.relation = n.id join (select x.seq, x.id, xk.name as kind_name from {schema}.entity x join {schema}.kind xk on xk.id = x.kind) t on t.seq = l.target where n.kind = 0 and n.text = '{relation}' and l.source = e.seq limit 1)";

        static string Time(string since, int perSecond) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"to_timestamp({since} / {perSecond}.0)");
    }
}
