using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Benchmarks.Tracking;

/// <summary>How the first page of a search grows from 1,000 over 10,000 to 100,000 runs: the verb <c>growth</c>, some minutes. One JSON object a line.</summary>
internal static class SearchGrowth
{
    private const int Rounds = 15;
    private static readonly int[] Sizes = [1_000, 10_000, 100_000];

    public static async Task<int> RunAsync()
    {
        var before = new Dictionary<string, double>();
        foreach (var runs in Sizes)
        {
            var folder = Directory.CreateTempSubdirectory("mlops-growth-");
            var collection = new ServiceCollection();
            collection.AddLogging();
            collection.AddMlops().UseSqlite(options => options.Path = Path.Combine(folder.FullName, "mlops.db")).UseFileArtifacts(options => options.Root = Path.Combine(folder.FullName, "artifacts"));
            await using (var services = collection.BuildServiceProvider())
            {
                await services.OpenMlopsAsync();
                await SearchData.FillAsync(services, runs);
                var tracker = services.GetRequiredService<IExperimentTracker>();
                foreach (var (name, text) in ((string, string)[])[("broad", SearchData.Broad), ("selective", SearchData.Selective), ("order_only", SearchData.OrderOnly)])
                {
                    var median = await MeasureAsync(tracker, text);
                    Console.WriteLine(JsonSerializer.Serialize(new { name = "tracking.search." + name, store = "sqlite", runs, us = Math.Round(median, 1), times = before.TryGetValue(name, out var smaller) ? Math.Round(median / smaller, 2) : (double?)null }));
                    before[name] = median;
                }
            }

            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static async Task<double> MeasureAsync(IExperimentTracker tracker, string text)
    {
        var rounds = new List<double>();
        for (var i = -3; i < Rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await tracker.SearchRunsAsync(RunQuery.Parse(text));
            if (i >= 0)
            {
                rounds.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }
        }

        return rounds.Order().ElementAt(Rounds / 2);
    }
}
