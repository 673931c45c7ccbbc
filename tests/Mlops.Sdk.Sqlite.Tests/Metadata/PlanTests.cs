using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>The two forms of a query must run on the indexes, whatever statistics the file has.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private readonly TemporaryDatabase database = new();
    private readonly EntityFilter filter = new EntityFilter.All([new EntityFilter.Compare("m1", Comparison.Greater, 0.5), new EntityFilter.Compare("p1", Comparison.Equal, "x")]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await database.Store().CommitAsync(new(MlopsId.New(), "ada", [.. Enumerable.Range(0, 50).Select(i => new Change.Create(new("run", $"{i}"), new(1, default))
    {
        Attributes = new Dictionary<string, AttributeValue> { ["m1"] = i / 50.0, ["m2"] = i, ["p1"] = "x" },
    })]));

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public void A_walk_follows_the_index_of_the_order_without_sorting()
    {
        using var connection = new SqliteFile(new() { Path = database.Path }).OpenReader();
        var (translator, kind) = Translator(connection);
        var order = new SqliteOrder(new("m2", Descending: true), translator, kind);
        var condition = translator.Condition(filter);
        foreach (var after in (PageToken?[])[null, new(SqliteOrder.Numbers, 30, null, 31)])
        {
            var plan = Plan(connection, translator, order.Walk(SqliteOrder.Numbers, after, null, condition, translator.Parameters, "limit 100"));
            plan.Should().Contain("SEARCH v USING COVERING INDEX number_value (name=? AND ").And.Contain("SEARCH e USING INTEGER PRIMARY KEY");
            plan.Split('\n')[1..].Should().NotContain(line => line.Contains("_value"), "each entity is looked up once by its number");
            plan.Should().NotContain("SCAN").And.NotContain("B-TREE");
        }
    }

    [Fact]
    public void A_walk_over_texts_upwards_does_not_sort_ties()
    {
        using var connection = new SqliteFile(new() { Path = database.Path }).OpenReader();
        var (translator, kind) = Translator(connection);
        var order = new SqliteOrder(new("p1"), translator, kind);
        Plan(connection, translator, order.Walk(SqliteOrder.Texts, null, null, translator.Condition(filter), translator.Parameters, "limit 100"))
            .Should().Contain("SEARCH v USING COVERING INDEX text_value (name=?)").And.NotContain("B-TREE");
    }

    [Fact]
    public void A_drive_starts_from_the_index_of_its_leaf()
    {
        using var connection = new SqliteFile(new() { Path = database.Path }).OpenReader();
        var (translator, kind) = Translator(connection);
        var order = new SqliteOrder(new("m2", Descending: true), translator, kind);
        var leaf = translator.Candidates(new EntityFilter.Compare("p1", Comparison.Equal, "x"))!;
        var plan = Plan(connection, translator, order.Drive(leaf, null, translator.Condition(filter), translator.Parameters, "limit 100"));
        plan.Should().StartWith("SEARCH text USING COVERING INDEX text_value (name=? AND value=?)").And.NotContain("SCAN");
    }

    [Fact]
    public void A_pattern_with_a_literal_start_reads_a_range_of_the_index()
    {
        using var connection = new SqliteFile(new() { Path = database.Path }).OpenReader();
        var (translator, _) = Translator(connection);
        Plan(connection, translator, translator.Candidates(new EntityFilter.Compare("p1", Comparison.Like, "x%"))!)
            .Should().Contain("text_value (name=? AND value>? AND value<?)");
    }

    private static (SqliteFilter Filter, int Kind) Translator(SqliteConnectionHandle connection)
    {
        var names = new SqliteNames();
        var kind = names.FindKind(connection, "default", "run")!.Value;
        return (new(connection, names, kind), kind);
    }

    private static string Plan(SqliteConnectionHandle connection, SqliteFilter translator, string sql)
    {
        var lines = new List<string>();
        var rows = translator.Parameters.Bind(connection[$"explain query plan {sql}"]);
        while (rows.Step())
        {
            lines.Add(rows.Text(3));
        }

        return string.Join("\n", lines);
    }
}
