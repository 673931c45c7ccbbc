using System.Globalization;
using System.Text;
using CsCheck;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Metadata;

public sealed class GarbagePropertyTests
{
    private const int Objects = 12;
    private const int Runs = 5;
    private static readonly int Scale = int.Parse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Objects that name objects, and runs, deleted or not, that name objects by link, attribute or body, and each other as parents: exactly what is old and out of reach goes.</summary>
    [Fact]
    public Task Of_a_random_graph_exactly_what_nothing_reaches_and_is_old_goes()
    {
        var names = Gen.Select(Gen.Int[0, Objects - 1], Gen.Int[0, Objects - 1]).Array[0, 10];
        var holds = Gen.Select(Gen.Int[0, Runs - 1], Gen.Int[0, Objects - 1], Gen.Int[0, 2]).Array[0, 8];
        var parents = Gen.Select(Gen.Int[0, Runs - 1], Gen.Int[0, Runs - 1]).Array[0, 3];
        return Gen.Select(names, holds, parents, Gen.Bool.Array[Runs], Gen.Bool.Array[Objects]).SampleAsync(async (named, held, below, deleted, old) =>
        {
            await using var host = new GarbageHost();
            var digests = new Digest[Objects];
            var texts = new string[Objects];

            // An object can only name what was there before it.
            for (var i = 0; i < Objects; i++)
            {
                texts[i] = $"{i}: " + string.Join(" and ", named.Where(n => n.Item1 == i && n.Item2 < i).Select(n => digests[n.Item2]));
                digests[i] = Digest.Of(Encoding.UTF8.GetBytes(texts[i]));
            }

            foreach (var i in Enumerable.Range(0, Objects).Where(i => old[i]))
            {
                await host.PutAsync(texts[i]);
            }

            var ids = Enumerable.Range(0, Runs).Select(i => new EntityId("run", $"r{i}")).ToArray();
            List<Change> changes = [.. digests.Select(d => new Change.Create(new("artifact", d.ToString()), new(1, default)))];
            for (var r = 0; r < Runs; r++)
            {
                var mine = held.Where(h => h.Item1 == r).ToLookup(h => h.Item3, h => digests[h.Item2]);
                changes.Add(new Change.Create(ids[r], new(1, Encoding.UTF8.GetBytes(string.Join(",", mine[0]))))
                {
                    Attributes = mine[1].Select((d, i) => ($"artifact.{i}", new AttributeValue($"{d} 7"))).Concat(deleted[r] ? [("deleted", new AttributeValue(1))] : []).ToDictionary(a => a.Item1, a => a.Item2),
                });
                changes.AddRange(mine[2].Select(d => new Change.Connect(new(ids[r], "artifact", new("artifact", d.ToString())))));
            }

            changes.AddRange(below.Where(b => b.Item1 != b.Item2).Select(b => new Change.Connect(new(ids[b.Item1], "parent", ids[b.Item2]))));
            (await host.Metadata.CommitAsync(new(MlopsId.New(), "t", changes), Token)).Committed.Should().BeTrue();
            host.Clock.Advance(GarbageHost.Month);
            foreach (var i in Enumerable.Range(0, Objects).Where(i => !old[i]))
            {
                await host.PutAsync(texts[i]);
            }

            // The oracle: a run stays when it is not deleted or a run that stays is below it; an object stays when it is young, or a run that stays or an object that is reached names it.
            var stays = Enumerable.Range(0, Runs).Where(r => !deleted[r]).ToHashSet();
            var reached = new HashSet<int>();
            for (var round = 0; round < Objects + Runs; round++)
            {
                stays.UnionWith(below.Where(b => stays.Contains(b.Item1)).Select(b => b.Item2));
                reached.UnionWith(held.Where(h => stays.Contains(h.Item1)).Select(h => h.Item2));
                reached.UnionWith(named.Where(n => n.Item2 < n.Item1 && reached.Contains(n.Item1)).Select(n => n.Item2));
            }

            var dry = await host.CollectAsync(dryRun: true);
            var report = await host.CollectAsync();

            report.Artifacts.Select(a => a.Digest).Should().BeEquivalentTo(Enumerable.Range(0, Objects).Where(i => old[i] && !reached.Contains(i)).Select(i => digests[i]));
            dry.Artifacts.Should().BeEquivalentTo(report.Artifacts);
            dry.Rows.Should().BeEquivalentTo(report.Rows);
            (await host.EntitiesAsync("run")).Should().BeEquivalentTo(stays.Select(r => ids[r]));
        }, iter: 100 * Scale);
    }
}
