using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>The example of docs/metadata.md.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public async Task The_example_of_the_metadata_page_works()
    {
        await using var database = new TemporaryDatabase();
        var services = new ServiceCollection();
        services.AddMlops(new ConfigurationBuilder().Build().GetSection("Mlops")).UseSqlite(o => o.Path = database.Path);
        await using var provider = services.BuildServiceProvider();
        var (store, time, json) = (provider.GetRequiredService<IMetadataStore>(), provider.GetRequiredService<TimeProvider>(), "{}"u8.ToArray());

        var run = new EntityId("run", MlopsId.NewKey());
        await store.CommitAsync(new Changeset(MlopsId.New(), "ada", [
            new Change.Create(run, new EntityBody(1, json)) { Attributes = new Dictionary<string, AttributeValue> { ["status"] = "running" } },
            new Change.Append(run, [new MetricPoint("loss", 1, time.GetUtcNow(), 0.7)]),
            new Change.Note(run, "run.started")]), TestContext.Current.CancellationToken);

        var page = await store.QueryAsync(new EntityQuery("run")
        {
            Filter = new EntityFilter.Compare("loss", Comparison.Less, 0.8),
            Order = [new Order("loss")],
        }, TestContext.Current.CancellationToken);

        page.Items.Should().ContainSingle().Which.Id.Should().Be(run);
    }
}
