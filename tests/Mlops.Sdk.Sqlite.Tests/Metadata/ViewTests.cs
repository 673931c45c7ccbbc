using Microsoft.Data.Sqlite;
using Mlops.Sdk.StoreWorker;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

public sealed class ViewTests : IAsyncLifetime
{
    private readonly TemporaryDatabase database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task The_views_tell_runs_models_aliases_and_lineage_to_whoever_has_an_sql_client()
    {
        var store = database.Store();
        await store.OpenAsync(Token);
        await using var client = new SqliteConnection($"Data Source={database.Path};Mode=ReadOnly;Pooling=False");
        await client.OpenAsync(Token);

        await SqlViews.CheckAsync(store, client, Token);
    }

    [Fact]
    public async Task The_views_are_read_only_and_there_is_no_other()
    {
        await database.Store().OpenAsync(Token);
        await using var raw = new RawDatabase(database.Path);
        raw.Scalar("select group_concat(name, ' ') from (select name from sqlite_master where type = 'view' order by name)").Should().Be(string.Join(' ', SqlViews.Columns.Keys.Order(StringComparer.Ordinal)));
        foreach (var view in SqlViews.Columns.Keys)
        {
            FluentActions.Invoking(() => raw.Execute($"delete from {view}")).Should().Throw<SqliteException>().WithMessage("*because it is a view*");
        }
    }

    [Theory]
    [InlineData("select run_id, state from runs where experiment = 'e'")]
    [InlineData("select value from run_params where run_id = 'r'")]
    [InlineData("select value from run_metrics_latest where run_id = 'r'")]
    [InlineData("select run_id, created from model_versions where model = 'm' and version = 3")]
    [InlineData("select version, why from aliases where model = 'm' and alias = 'champion'")]
    public async Task A_view_reads_the_entities_of_its_kind_and_no_other_table_as_a_whole(string sql)
    {
        await database.Store().OpenAsync(Token);
        await using var raw = new RawDatabase(database.Path);
        var plan = raw.Rows($"explain query plan {sql}");
        plan.Where(step => step.Contains("SCAN ", StringComparison.Ordinal)).Should().OnlyContain(step => step.Contains("SCAN kind", StringComparison.Ordinal) || step.EndsWith("SCAN run_params", StringComparison.Ordinal), "kinds are few, and the union is what the view gives");
        plan.Should().Contain(step => step.Contains("SEARCH entity USING", StringComparison.Ordinal) && step.Contains(sql.Contains("run_id = ", StringComparison.Ordinal) ? "(kind=? AND id=?)" : "(kind=?)", StringComparison.Ordinal));
    }
}
