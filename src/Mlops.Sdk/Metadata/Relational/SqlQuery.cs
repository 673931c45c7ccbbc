namespace Mlops.Sdk.Metadata.Relational;

/// <summary>
/// Runs one query by three cheap decisions that need no statistics. A part of the filter with fewer than 500 candidates drives. Else the index of the order is walked for 5,000 steps, which usually
/// fills the page. Else the smallest part drives when it has fewer than 20,000 candidates. Else the walk goes on.
/// </summary>
internal sealed class SqlQuery
{
    private const int Few = 500;
    private const int Many = 20_000;
    private const int Steps = 5_000;
    private readonly ISqlDialect dialect;
    private readonly SqlSession session;
    private readonly SqlFilter filter;
    private readonly EntityFilter? where;
    private readonly int kind;
    private readonly List<Func<SqlStatement, string>> leaves = [];

    public SqlQuery(ISqlDialect dialect, SqlSession session, SqlNames names, int kind, EntityFilter? where)
    {
        this.dialect = dialect;
        this.session = session;
        this.where = where;
        this.kind = kind;
        filter = new(dialect, names, kind);
        AddLeaves(where);
    }

    /// <summary>The places of the next rows, at most <paramref name="take"/>.</summary>
    public async Task<List<PageToken>> SelectAsync(Order? by, PageToken? after, int take, CancellationToken cancellationToken)
    {
        var order = new SqlOrder(dialect, by, filter, kind);
        if (await SmallestAsync(Few, cancellationToken).ConfigureAwait(false) is { } few)
        {
            return await DriveAsync(order, few, after, take, cancellationToken).ConfigureAwait(false);
        }

        if (order.CanWalk)
        {
            var (rows, complete) = await WalkAsync(order, after, take, leaves.Count > 0 ? Steps : null, cancellationToken).ConfigureAwait(false);
            if (complete)
            {
                return rows;
            }
        }

        if (await SmallestAsync(Many, cancellationToken).ConfigureAwait(false) is { } many)
        {
            return await DriveAsync(order, many, after, take, cancellationToken).ConfigureAwait(false);
        }

        return order.CanWalk
            ? (await WalkAsync(order, after, take, null, cancellationToken).ConfigureAwait(false)).Rows
            : await DriveAsync(order, null, after, take, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long> CountAsync(long atMost, CancellationToken cancellationToken)
    {
        var from = await SmallestAsync(Many, cancellationToken).ConfigureAwait(false);
        var statement = new SqlStatement(dialect);
        var source = from is null ? $"{dialect.Table("entity")} e" : $"({from(statement)}) c join {dialect.Table("entity")} e on e.seq = c.seq";
        statement.Append($"select count(*) from (select 1 as one from {source} where e.kind = {SqlFilter.Literal(kind)} and {filter.Condition(where, statement)} limit {statement.Add(Math.Max(atMost, 0))}) r");
        return (await session.ListAsync(statement, row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];
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

    /// <summary>The part with the fewest candidates, when they are fewer than a number; one statement counts all.</summary>
    private async Task<Func<SqlStatement, string>?> SmallestAsync(int than, CancellationToken cancellationToken)
    {
        if (leaves.Count == 0)
        {
            return null;
        }

        var statement = new SqlStatement(dialect);
        var counts = leaves.Select((leaf, i) => $"(select count(*) from (select 1 as one from ({leaf(statement)}) a limit {SqlFilter.Literal(than)}) b) as c{SqlFilter.Literal(i)}");
        statement.Append($"select {string.Join(", ", counts)}");
        var found = await session.ListAsync(statement, row => leaves.Select((_, i) => row.GetInt64(i)).ToList(), cancellationToken).ConfigureAwait(false);
        var least = found[0].Min();
        return least < than ? leaves[found[0].IndexOf(least)] : null;
    }

    private Task<List<PageToken>> DriveAsync(SqlOrder order, Func<SqlStatement, string>? candidates, PageToken? after, int take, CancellationToken cancellationToken) =>
        session.ListAsync(order.Drive(candidates, after, where, take), order.Place, cancellationToken);

    /// <summary>Walks section by section; incomplete when a bounded walk of a section did not fill the page and may have stopped early.</summary>
    private async Task<(List<PageToken> Rows, bool Complete)> WalkAsync(SqlOrder order, PageToken? after, int take, int? steps, CancellationToken cancellationToken)
    {
        var rows = new List<PageToken>();
        foreach (var section in order.Sections.Where(s => after is null || s >= after.Value.Section))
        {
            if (section == SqlOrder.Absent && await NoneAbsentAsync(order, cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            var found = await session.ListAsync(order.Walk(section, after, steps, where, take - rows.Count), row => order.Place(section, row), cancellationToken).ConfigureAwait(false);
            rows.AddRange(found);
            if (rows.Count == take)
            {
                break;
            }

            if (steps is not null && await IsLongerAsync(order, section, after, steps.Value, cancellationToken).ConfigureAwait(false))
            {
                return (rows, false);
            }
        }

        return (rows, true);
    }

    /// <summary>Whether a section goes on after so many steps.</summary>
    private async Task<bool> IsLongerAsync(SqlOrder order, byte section, PageToken? after, int steps, CancellationToken cancellationToken)
    {
        var rest = order.Walk(section, after, null, null, 1);
        rest.Append($" offset {SqlFilter.Literal(steps)}");
        return (await session.ListAsync(rest, _ => true, cancellationToken).ConfigureAwait(false)).Count > 0;
    }

    private async Task<bool> NoneAbsentAsync(SqlOrder order, CancellationToken cancellationToken) =>
        (await session.ListAsync(order.Counts(), row => row.GetInt64(0) == row.GetInt64(1), cancellationToken).ConfigureAwait(false))[0];
}
