namespace Mlops.Sdk.Metadata;

/// <summary>
/// Read-only views for people with an SQL client. They read attributes, links and events, never bodies, so that what a capability keeps in its records can change. A column that a query does not ask for costs nothing.
/// Times are ISO 8601 in UTC. A number is null where it is NaN, for SQLite would count the text that stands for it as 0.
/// </summary>
internal static class SqliteViews
{
    /// <summary>Part of schema version 2, so it never changes.</summary>
    public const string Create = """
        create view runs as select
          kind.workspace,
          entity.id as run_id,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'experiment' and text.entity = entity.seq) as experiment,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'name' and text.entity = entity.seq) as name,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'state' and text.entity = entity.seq) as state,
          (select event.actor from event where event.kind = entity.kind and event.id = entity.id order by event.position limit 1) as actor,
          strftime('%Y-%m-%dT%H:%M:%fZ', (entity.created / 1000) / 1e3, 'unixepoch') as started,
          strftime('%Y-%m-%dT%H:%M:%fZ', (select number.value from name join number on number.name = name.id where name.kind = kind.id and name.text = 'ended' and number.entity = entity.seq) / 1e3, 'unixepoch') as ended,
          strftime('%Y-%m-%dT%H:%M:%fZ', (entity.modified / 1000) / 1e3, 'unixepoch') as last_seen,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'reason' and text.entity = entity.seq) as reason,
          cast(coalesce((select number.value from name join number on number.name = name.id where name.kind = kind.id and name.text = 'dropped' and number.entity = entity.seq), 0) as integer) as dropped_points,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'parent' and text.entity = entity.seq) as parent_id,
          strftime('%Y-%m-%dT%H:%M:%fZ', (select number.value from name join number on number.name = name.id where name.kind = kind.id and name.text = 'deleted' and number.entity = entity.seq) / 1e3, 'unixepoch') as deleted
        from kind join entity on entity.kind = kind.id where kind.name = 'run';

        create view run_params as select
          kind.workspace,
          entity.id as run_id,
          substr(name.text, 7) as param,
          text.value as value,
          null as number
        from kind cross join entity on entity.kind = kind.id cross join text on text.entity = entity.seq cross join name on name.id = text.name where kind.name = 'run' and substr(name.text, 1, 6) = 'param.'
        union all select kind.workspace, entity.id, substr(name.text, 7),
          case when typeof(number.value) = 'real' and number.value = cast(number.value as integer) and abs(number.value) < 1e15 then cast(cast(number.value as integer) as text) else cast(number.value as text) end,
          case when typeof(number.value) = 'real' then number.value end
        from kind cross join entity on entity.kind = kind.id cross join number on number.entity = entity.seq cross join name on name.id = number.name where kind.name = 'run' and substr(name.text, 1, 6) = 'param.';

        create view run_metrics_latest as select
          kind.workspace,
          entity.id as run_id,
          substr(name.text, 8) as metric,
          case when typeof(number.value) = 'real' then number.value end as value,
          typeof(number.value) = 'text' as is_nan,
          number.step,
          strftime('%Y-%m-%dT%H:%M:%fZ', number.ts / 1e3, 'unixepoch') as at
        from kind cross join entity on entity.kind = kind.id cross join number on number.entity = entity.seq cross join name on name.id = number.name where kind.name = 'run' and substr(name.text, 1, 7) = 'metric.';

        create view model_versions as select
          kind.workspace,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'model' and text.entity = entity.seq) as model,
          cast((select number.value from name join number on number.name = name.id where name.kind = kind.id and name.text = 'number' and number.entity = entity.seq) as integer) as version,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'package' and text.entity = entity.seq) as package,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'modelDigest' and text.entity = entity.seq) as model_digest,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'runtime' and text.entity = entity.seq) as runtime,
          (select event.actor from event where event.kind = entity.kind and event.id = entity.id order by event.position limit 1) as actor,
          strftime('%Y-%m-%dT%H:%M:%fZ', (entity.created / 1000) / 1e3, 'unixepoch') as created,
          (select run_kind.name from name join link on link.relation = name.id join entity target on target.seq = link.target join kind run_kind on run_kind.id = target.kind where name.kind = 0 and name.text = 'made-by' and link.source = entity.seq) as run_kind,
          (select target.id from name join link on link.relation = name.id join entity target on target.seq = link.target where name.kind = 0 and name.text = 'made-by' and link.source = entity.seq) as run_id,
          (select target.id from name join link on link.relation = name.id join entity target on target.seq = link.target where name.kind = 0 and name.text = 'gate-report' and link.source = entity.seq) as gate_report,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'description' and text.entity = entity.seq) as description,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'owner' and text.entity = entity.seq) as owner,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'approval' and text.entity = entity.seq) as approval,
          (select number.value from name join number on number.name = name.id where name.kind = kind.id and name.text = 'deleted' and number.entity = entity.seq) is not null as is_deleted
        from kind join entity on entity.kind = kind.id where kind.name = 'model-version';

        create view aliases as select
          kind.workspace,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'model' and text.entity = entity.seq) as model,
          (select text.value from name join text on text.name = name.id where name.kind = kind.id and name.text = 'alias' and text.entity = entity.seq) as alias,
          cast((select number.value from name join number on number.name = name.id where name.kind = kind.id and name.text = 'version' and number.entity = entity.seq) as integer) as version,
          (select event.actor from event where event.kind = entity.kind and event.id = entity.id order by event.position desc limit 1) as actor,
          strftime('%Y-%m-%dT%H:%M:%fZ', (entity.modified / 1000) / 1e3, 'unixepoch') as moved,
          (select event.why from event where event.kind = entity.kind and event.id = entity.id order by event.position desc limit 1) as why
        from kind join entity on entity.kind = kind.id where kind.name = 'alias' and (select number.value from name join number on number.name = name.id where name.kind = kind.id and name.text = 'version' and number.entity = entity.seq) is not null;

        create view lineage as select
          source_kind.workspace, source_kind.name as from_kind, source.id as from_id, name.text as relation, target_kind.name as to_kind, target.id as to_id, target_kind.workspace as to_workspace
        from link join name on name.id = link.relation join entity source on source.seq = link.source join kind source_kind on source_kind.id = source.kind
          join entity target on target.seq = link.target join kind target_kind on target_kind.id = target.kind;
        """;
}
