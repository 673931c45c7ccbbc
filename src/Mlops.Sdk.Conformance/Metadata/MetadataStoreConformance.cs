using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>
/// The contract of <see cref="IMetadataStore"/> in executable form. Derive one public class from it in a test project that uses xunit v3, say how a store is made, and every fact runs on it:
/// the parts are base classes, so none can be forgotten.
/// <code>
/// public sealed class MyMetadataStoreTests : MetadataStoreConformance
/// {
///     protected override async Task&lt;IMetadataStore&gt; CreateAsync() { var store = new MyMetadataStore(…); await store.OpenAsync(); return store; }
/// }
/// </code>
/// A deviation is written as an override of the fact, with the reason.
/// </summary>
public abstract class MetadataStoreConformance : MetadataHostFacts
{
    /// <summary>
    /// Draws random sequences of all changes and queries, and compares every answer with a small model that shares no code with any store. A failure names the seed; setting the
    /// environment variable MLOPS_TEST_SEED to it repeats that sequence alone.
    /// </summary>
    [Fact]
    public virtual async Task Random_operations_agree_with_the_model()
    {
        var only = Environment.GetEnvironmentVariable("MLOPS_TEST_SEED");
        var seeds = only is null ? Enumerable.Range(1, 30 * Scale) : [int.Parse(only, System.Globalization.CultureInfo.InvariantCulture)];
        foreach (var seed in seeds)
        {
            await RenewAsync();
            var random = new Random(seed);
            var model = new Model();
            var script = new ModelScript(random, model);
            try
            {
                for (var step = 0; step < 40; step++)
                {
                    await ChangeAsync(model, script.Changeset());
                    await QueryAsync(model, script);
                }

                await CompareAsync(model);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Assert.Fail($"The random sequence with MLOPS_TEST_SEED={seed} went wrong: {e.Message}");
            }
        }
    }

    private async Task ChangeAsync(Model model, Changeset changeset)
    {
        var result = await Store.CommitAsync(changeset, Token);
        var expected = model.Apply(changeset, result.At);
        var first = result.Conflicts.Count == 0 ? default((int, ConflictKind)?) : (result.Conflicts[0].Change, result.Conflicts[0].Kind);
        Assert.True(Equals(expected.Conflict, first), $"Expected {expected.Conflict?.ToString() ?? "a commit"}, found {first?.ToString() ?? "a commit"} for {string.Join("; ", changeset.Changes)}.");
        Assert.Equal(expected.Created, result.Created);
    }

    private async Task QueryAsync(Model model, ModelScript script)
    {
        var query = script.Query();
        var (expected, found) = (model.Select(query), await KeysAsync(query));
        Assert.True(expected.SequenceEqual(found), $"Expected [{string.Join(" ", expected)}], found [{string.Join(" ", found)}] for {query}, filter {query.Filter}, order {string.Join("", query.Order)}.");
        Assert.Equal(expected.Count, await Store.CountAsync(query.Kind, query.Filter, query.Workspace, cancellationToken: Token));

        var id = script.Id();
        var (item, entity) = (model[id], await FindAsync(id));
        Assert.Equal(item is null, entity is null);
        if (item is not null && entity is not null)
        {
            Assert.Equal((item.Revision, item.Body.Version, item.Created, item.Modified), (entity.Revision, entity.Body.Version, entity.Created, entity.Modified));
            Assert.Equal(item.Body.Bytes.ToArray(), entity.Body.Bytes.ToArray());
            Assert.Equal(item.Attributes, entity.Attributes!.ToDictionary());
        }
    }

    private async Task CompareAsync(Model model)
    {
        Assert.Equal(model.Events, (await EventsAsync(new() { Limit = 13 })).Select(e => (e.Subject, e.Type)));
        foreach (var direction in Enum.GetValues<LinkDirection>())
        {
            var links = await LinksAsync(new([.. model.Items.Select(i => i.Id)], direction) { Limit = 5 });
            Assert.Equal(model.Links.Select(l => $"{l}").Order(StringComparer.Ordinal), links.Select(l => $"{l}").Order(StringComparer.Ordinal));
        }

        foreach (var item in model.Items)
        {
            foreach (var metric in item.Points.GroupBy(p => p.Key))
            {
                // A point that is identical to another may be kept once or twice.
                Assert.Equal(metric.Distinct().OrderBy(ModelRow.Rank), (await PointsAsync(new(item.Id, metric.Key))).Distinct());
            }
        }
    }
}
