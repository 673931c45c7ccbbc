namespace Mlops.Sdk.Metadata;

/// <summary>The numbers behind the three decisions of <see cref="SqliteQuery"/>; other ones give the same answers, slower.</summary>
/// <param name="Few">Fewer candidates than this drive at once.</param>
/// <param name="Many">Fewer candidates than this drive when a bounded walk did not fill the page.</param>
/// <param name="Steps">How far a bounded walk goes.</param>
internal sealed record SqliteQueryLimits(int Few = 500, int Many = 20_000, int Steps = 5_000);

/// <summary>
/// Runs one query by three cheap decisions that need no statistics. A part of the filter with fewer than 500 candidates drives. Else the index of the order is walked for 5,000 steps, which usually
/// fills the page. Else the smallest part drives when it has fewer than 20,000 candidates. Else the walk goes on.
/// </summary>
internal sealed class SqliteQuery
{
    private readonly SqliteConnectionHandle connection;
    private readonly SqliteQueryLimits limits;
    private readonly string all;
    private readonly string condition;
    private readonly SqliteFilter filter;
    private readonly List<string> leaves = [];
    private readonly int kind;

    public SqliteQuery(SqliteConnectionHandle connection, SqliteNames names, int kind, EntityFilter? filter, SqliteQueryLimits limits)
    {
        this.connection = connection;
        this.limits = limits;
        this.kind = kind;
        this.filter = new SqliteFilter(connection, names, kind);
        all = $"select seq from entity where kind = {SqliteFilter.Literal(kind)}";
        condition = filter is null ? "1" : this.filter.Condition(filter);
        AddLeaves(filter);
    }

    /// <summary>The places of the next rows, at most <paramref name="take"/>.</summary>
    public List<PageToken> Select(Order? by, PageToken? after, int take)
    {
        var order = new SqliteOrder(by, filter, kind);
        if (Smallest(limits.Few) is { } few)
        {
            return Drive(order, few, after, take);
        }

        if (order.CanWalk)
        {
            var (rows, complete) = Walk(order, after, take, bounded: leaves.Count > 0);
            if (complete)
            {
                return rows;
            }
        }

        if (Smallest(limits.Many) is { } many)
        {
            return Drive(order, many, after, take);
        }

        return order.CanWalk ? Walk(order, after, take, bounded: false).Rows : Drive(order, all, after, take);
    }

    public long Count(long atMost)
    {
        var from = Smallest(limits.Many) ?? all;
        var limit = filter.Parameters.Add(Math.Max(atMost, 0));
        var sql = condition == "1"
            ? $"select count(*) from ({all} limit {limit})"
            : $"select count(*) from (select 1 from ({from}) c cross join entity e on e.seq = c.seq where e.kind = {SqliteFilter.Literal(kind)} and {condition} limit {limit})";
        return filter.Parameters.Bind(connection[sql]).Scalar()!.Value;
    }

    private void AddLeaves(EntityFilter? part)
    {
        if (part is EntityFilter.All all)
        {
            foreach (var inner in all.Of)
            {
                AddLeaves(inner);
            }
        }
        else if (part is not null && filter.Candidates(part) is { } candidates)
        {
            leaves.Add(candidates);
        }
    }

    /// <summary>The part with the fewest candidates, when they are fewer than a number.</summary>
    private string? Smallest(int than)
    {
        string? smallest = null;
        long least = than;
        foreach (var leaf in leaves)
        {
            var count = filter.Parameters.Bind(connection[$"select count(*) from (select 1 from ({leaf}) limit {SqliteFilter.Literal((int)least)})"]).Scalar()!.Value;
            if (count < least)
            {
                (least, smallest) = (count, leaf);
            }
        }

        return smallest;
    }

    private List<PageToken> Drive(SqliteOrder order, string candidates, PageToken? after, int take)
    {
        var sql = order.Drive(candidates, after, condition, filter.Parameters, $"limit {filter.Parameters.Add((long)take)}");
        var rows = new List<PageToken>();
        var row = filter.Parameters.Bind(connection[sql]);
        while (row.Step())
        {
            var section = (byte)row.Long(1);
            rows.Add(new(section, section == SqliteOrder.Numbers ? row.Double(2) : 0, section == SqliteOrder.Texts ? row.Text(3) : null, row.Long(0)));
        }

        return rows;
    }

    /// <summary>Walks section by section; incomplete when the bound of a section was reached before the page was full.</summary>
    private (List<PageToken> Rows, bool Complete) Walk(SqliteOrder order, PageToken? after, int take, bool bounded)
    {
        var rows = new List<PageToken>();
        foreach (var section in order.Sections.Where(s => after is null || s >= after.Value.Section))
        {
            if (rows.Count == take || (section == SqliteOrder.Absent && order.NoneAbsent(connection)))
            {
                break;
            }

            var bound = bounded ? order.Bound(connection, section, after, limits.Steps, filter.Parameters) : null;
            var sql = order.Walk(section, after, bound, condition, filter.Parameters, $"limit {filter.Parameters.Add((long)(take - rows.Count))}");
            var row = filter.Parameters.Bind(connection[sql]);
            while (row.Step())
            {
                var number = section != SqliteOrder.Numbers ? 0 : row.IsNull(1) ? row.Long(0) : row.Double(1);
                rows.Add(new(section, number, section == SqliteOrder.Texts ? row.Text(1) : null, row.Long(0)));
            }

            if (bound is not null && rows.Count < take)
            {
                return (rows, false);
            }
        }

        return (rows, true);
    }
}
