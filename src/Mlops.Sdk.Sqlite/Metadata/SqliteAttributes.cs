namespace Mlops.Sdk.Metadata;

/// <summary>Writes attributes and points inside a transaction. A name has a row in one of the tables number and text, never in both.</summary>
internal sealed class SqliteAttributes(SqliteConnectionHandle connection, SqliteNameWriter names)
{
    private readonly Dictionary<int, MetricPoint> latest = [];

    public AttributeValue? Find(SqliteRow entity, string name)
    {
        var id = names.Name(entity.Kind, name);
        var number = connection["select value from number where entity = ?1 and name = ?2"].Bind(1, entity.Sequence).Bind(2, id);
        if (number.Step())
        {
            AttributeValue value = number.Double(0);
            number.Reset();
            return value;
        }

        var text = connection["select value from text where entity = ?1 and name = ?2"].Bind(1, entity.Sequence).Bind(2, id);
        if (text.Step())
        {
            AttributeValue value = text.Text(0);
            text.Reset();
            return value;
        }

        return null;
    }

    public void Set(SqliteRow entity, string name, AttributeValue? value)
    {
        var id = names.Name(entity.Kind, name);
        if (value?.Number is not { } number)
        {
            Remove("delete from number where entity = ?1 and name = ?2", entity, id);
        }
        else
        {
            connection["insert into number values (?1, ?2, ?3, null, null) on conflict do update set value = excluded.value, step = null, ts = null"].Bind(1, entity.Sequence).Bind(2, id).Bind(3, number).Run();
        }

        if (value?.Text is not { } text)
        {
            Remove("delete from text where entity = ?1 and name = ?2", entity, id);
        }
        else
        {
            connection["insert into text values (?1, ?2, ?3) on conflict do update set value = excluded.value"].Bind(1, entity.Sequence).Bind(2, id).Bind(3, text).Run();
        }
    }

    /// <summary>Sets the attributes of an entity that has none yet.</summary>
    public void Insert(SqliteRow entity, string name, AttributeValue value)
    {
        var id = names.Name(entity.Kind, name);
        if (value.Text is { } text)
        {
            connection["insert into text values (?1, ?2, ?3)"].Bind(1, entity.Sequence).Bind(2, id).Bind(3, text).Run();
        }
        else
        {
            connection["insert into number values (?1, ?2, ?3, null, null)"].Bind(1, entity.Sequence).Bind(2, id).Bind(3, value.Number!.Value).Run();
        }
    }

    /// <summary>Keeps the points and raises the latest value of each metric once, to the greatest of the batch.</summary>
    public void Append(SqliteRow owner, IReadOnlyList<MetricPoint> points)
    {
        latest.Clear();
        var insert = connection["insert or ignore into point values (?1, ?2, ?3, ?4, ?5)"];
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            point = point with { Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(point.Timestamp.ToUnixTimeMilliseconds()) };
            var key = names.Name(owner.Kind, point.Key);
            insert.Bind(1, owner.Sequence).Bind(2, key).Bind(3, point.Step).Bind(4, point.Timestamp.ToUnixTimeMilliseconds()).Bind(5, point.Value).Run();
            ref var greatest = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(latest, key, out var exists);
            if (!exists || AttributeOrder.ComparePoint(point, greatest) >= 0)
            {
                greatest = point;
            }
        }

        foreach (var (key, point) in latest)
        {
            Remove("delete from text where entity = ?1 and name = ?2", owner, key);
            connection["""
                insert into number values (?1, ?2, ?3, ?4, ?5) on conflict do update set value = excluded.value, step = excluded.step, ts = excluded.ts
                where number.step is null or (excluded.step, excluded.ts, excluded.value) >= (number.step, number.ts, number.value)
                """].Bind(1, owner.Sequence).Bind(2, key).Bind(3, point.Value).Bind(4, point.Step).Bind(5, point.Timestamp.ToUnixTimeMilliseconds()).Run();
        }
    }

    private void Remove(string sql, SqliteRow entity, int name) => connection[sql].Bind(1, entity.Sequence).Bind(2, name).Run();
}
