using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Benchmarks.Tracking;

/// <summary>Runs with 10 params (5 of them texts) and 10 metrics, on whatever store the services have, and the three searches that are measured.</summary>
internal static class SearchData
{
    /// <summary>Matches one run in twenty, so that a page fills soon.</summary>
    public const string Broad = "metrics.m1 > 0.5 and params.p1 = 'v3' order by metrics.m2 desc";

    /// <summary>Matches one run in a thousand.</summary>
    public const string Selective = "params.p2 = 'rare7' order by metrics.m2 desc";

    /// <summary>Matches every run.</summary>
    public const string OrderOnly = "order by metrics.m2 desc";

    private const int Batch = 500, Texts = 5, Each = 10;

    public static async Task FillAsync(IServiceProvider services, int runs)
    {
        var store = services.GetRequiredService<IMetadataStore>();
        await using var first = await services.GetRequiredService<IExperimentTracker>().StartRunAsync("bench");
        await first.CompleteAsync();
        var record = (await store.FindAsync([first.Entity]))[0]!.Body;
        var random = new Random(1);
        for (var i = 0; i < runs; i += Batch)
        {
            await store.CommitAsync(new(MlopsId.New(), "bench", [.. Enumerable.Range(i, Math.Min(Batch, runs - i)).Select(n => new Change.Create(new("run", $"run-{n}"), record) { Attributes = Attributes(random) })]));
        }
    }

    private static Dictionary<string, AttributeValue> Attributes(Random random)
    {
        var attributes = new Dictionary<string, AttributeValue> { ["experiment"] = "bench", ["state"] = "finished", ["actor"] = "ada" };
        for (var i = 0; i < Each; i++)
        {
            attributes[$"metric.m{i}"] = random.NextDouble();
            attributes[$"param.p{i}"] = i < Texts ? Text(i == 2 ? "rare" : "v", random.Next(i == 2 ? 1000 : 10)) : random.Next(100);
        }

        return attributes;
    }

    private static AttributeValue Text(string prefix, int n) => prefix + n.ToString(CultureInfo.InvariantCulture);
}
