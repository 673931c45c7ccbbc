using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Cli.Stores;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;
using Mlops.Sdk.TestServers;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Commands.Tests.Stores;

public sealed class StoreCopyTests(PostgreSqlServer server) : IDisposable
{
    private readonly StoreBench bench = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_goes_from_SQLite_to_PostgreSQL_and_back_and_nothing_is_lost()
    {
        var (first, second, third) = (bench.File("first.db"), bench.NewSchema(), bench.File("third.db"));
        var ids = await bench.FillAsync(first);

        var there = await StoreBench.CopyAsync(first, second);
        var back = await StoreBench.CopyAsync(second, third);

        there.Values.Should().OnlyContain(row => row.State == "same" && row.Source == row.Target);
        there["metric points"].Source.Should().Be(6);
        there.Keys.Should().Contain(["entities", "links", "events", "number sequences"]);
        back.Should().BeEquivalentTo(there);
        var seen = await ReadAsync(first, ids);
        (await ReadAsync(second, ids)).Should().BeEquivalentTo(seen, options => options.WithStrictOrdering());
        (await ReadAsync(third, ids)).Should().BeEquivalentTo(seen, options => options.WithStrictOrdering());
    }

    [Fact]
    public async Task The_copy_goes_on_with_the_next_number_and_the_next_position()
    {
        var (first, second) = (bench.File("first.db"), bench.NewSchema());
        await bench.FillAsync(first);
        await StoreBench.CopyAsync(first, second);

        using var host = bench.Host(second);
        await host.Services.OpenMlopsAsync(Token);
        var registry = host.Services.GetRequiredService<IModelRegistry>();
        var before = await LastAsync(registry);
        var package = await new ModelPackageBuilder("own").AddFile("model/m", new byte[7]).SaveAsync(host.Services.GetRequiredService<IArtifactStore>(), Token);

        (await registry.RegisterAsync(new() { Model = "delay", Package = package.Package }, Token)).Version.Should().Be(3);
        (await LastAsync(registry)).Should().BeGreaterThan(before);
        (await registry.RegisterAsync(new() { Model = "another", Package = package.Package }, Token)).Version.Should().Be(1);

        // A name that the source never had takes the next number of the names.
        await registry.SetTagAsync("delay", 3, "fresh", "yes", Token);
        (await registry.GetVersionAsync("delay", 3, Token)).Tags.Should().Contain("fresh", "yes");
        (await StoreBench.RunAsync(second, "store", "check")).Code.Should().Be(0);
    }

    [Fact]
    public async Task A_copy_that_is_stopped_in_the_middle_of_the_points_is_closed_until_it_is_finished()
    {
        var (first, second) = (bench.File("first.db"), bench.NewSchema());
        await bench.FillAsync(first, points: 6_000);
        using var stop = new CancellationTokenSource();
        await using (var source = StoreDatabase.Create(StoreAddress.Parse(first)))
        await using (var target = StoreDatabase.Create(StoreAddress.Parse(second)))
        {
            await source.OpenAsync(Token);
            await target.OpenAsync(Token);
            var copy = new StoreCopy(source, target, new(new StoppingWriter(stop, "Copying metric points"), TimeSpan.Zero));
            await copy.Awaiting(c => c.RunAsync(new Report("what"), stop.Token)).Should().ThrowAsync<OperationCanceledException>();
            (await target.ScalarAsync($"select count(*) from {target.Table("point")}", Token)).Should().Be(5_000);
        }

        using (var host = bench.Host(second))
        {
            (await host.Services.Awaiting(s => s.OpenMlopsAsync(Token)).Should().ThrowAsync<MlopsException>()).WithMessage("*copy that was not finished*");
        }

        (await StoreBench.CopyAsync(first, second))["metric points"].Target.Should().Be(12_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_interrupted_copy_cannot_be_opened_and_goes_on_where_it_was(bool toPostgres)
    {
        var (first, second) = (bench.File("first.db"), toPostgres ? bench.NewSchema() : bench.File("second.db"));
        await bench.FillAsync(first, points: 6_000);
        var whole = await StoreBench.CopyAsync(first, second);
        await InterruptAsync(second);

        using (var host = bench.Host(second))
        {
            (await host.Services.Awaiting(s => s.OpenMlopsAsync(Token)).Should().ThrowAsync<MlopsException>()).WithMessage("*copy that was not finished*mlops store copy*");
        }

        (await StoreBench.CopyAsync(first, second)).Should().BeEquivalentTo(whole);
        using var opened = bench.Host(second);
        await opened.Services.OpenMlopsAsync(Token);
    }

    [Fact]
    public async Task A_copy_that_differs_fails_and_stays_closed()
    {
        var (first, second) = (bench.File("first.db"), bench.File("second.db"));
        await bench.FillAsync(first);
        await StoreBench.CopyAsync(first, second);
        await InterruptAsync(second);
        await StoreBench.SqlAsync(second, "update entity set body = x'00' where seq = (select min(seq) from entity)");

        var rows = await StoreBench.CopyAsync(first, second, expected: 2);

        rows["entities"].State.Should().Be("differs");
        using var host = bench.Host(second);
        await host.Services.Awaiting(s => s.OpenMlopsAsync(Token)).Should().ThrowAsync<MlopsException>();
    }

    [Fact]
    public async Task A_source_that_was_written_to_since_is_not_mixed_in()
    {
        var (first, second) = (bench.File("first.db"), bench.NewSchema());
        await bench.FillAsync(first);
        await StoreBench.CopyAsync(first, second);
        await InterruptAsync(second);
        using (var host = bench.Host(first))
        {
            await host.Services.OpenMlopsAsync(Token);
            await host.Services.GetRequiredService<IModelRegistry>().SetTagAsync("delay", 1, "later", "yes", Token);
        }

        var (code, _, error) = await StoreBench.RunAsync(null, "store", "copy", "--from", first, "--to", second);

        code.Should().Be(1);
        error.Trim().Should().Contain("was written to since").And.NotContain("only for tests").And.NotContain("\n");
    }

    [Fact]
    public async Task A_target_that_is_in_use_is_left_alone()
    {
        var (first, second) = (bench.File("first.db"), bench.File("second.db"));
        await bench.FillAsync(first);
        var ids = await bench.FillAsync(second);

        var (code, _, error) = await StoreBench.RunAsync(null, "store", "copy", "--from", first, "--to", second);

        code.Should().Be(1);
        error.Trim().Should().Contain("is not empty").And.NotContain("\n");
        (await ReadAsync(second, ids)).Should().NotBeEmpty();
    }

    [Fact]
    public async Task Equal_points_that_PostgreSQL_keeps_apart_are_one_in_SQLite()
    {
        var (first, second) = (bench.NewSchema(), bench.File("second.db"));
        await bench.FillAsync(first);
        await StoreBench.SqlAsync(first, "insert into §point select * from §point");

        var rows = await StoreBench.CopyAsync(first, second);

        rows["metric points"].Should().Match<(long Source, long Target, string Digest, string State)>(row => row.Source == 6 && row.Target == 6 && row.State == "same");
    }

    [Fact]
    public async Task Artifacts_go_along_and_what_is_there_is_not_copied_again()
    {
        var first = bench.File("first.db");
        await bench.FillAsync(first);
        string[] folders = ["--from-artifacts", bench.File("artifacts"), "--to-artifacts", bench.File("copied")];

        var (_, output, error) = await StoreBench.RunAsync(null, ["store", "copy", "--from", first, "--to", bench.File("second.db"), .. folders]);
        var rows = await StoreBench.CopyAsync(first, bench.File("second.db"), 0, folders);

        output.Should().Contain("artifacts", error);
        rows["artifacts"].Should().Match<(long Source, long Target, string Digest, string State)>(row => row.Source > 1 && row.Target == row.Source && row.Digest.EndsWith(", 0 copied now"));
        Directory.GetFiles(bench.File("copied"), "*", SearchOption.AllDirectories).Should().HaveCount(Directory.GetFiles(bench.File("artifacts"), "*", SearchOption.AllDirectories).Length);
    }

    public void Dispose() => bench.Dispose();

    /// <summary>Cancels when a line begins with a text.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop, string at) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            if (value?.StartsWith(at, StringComparison.Ordinal) == true)
            {
                stop.Cancel();
            }
        }
    }

    /// <summary>As a copy is that was ended between two batches: the last tables empty, the points of the last run there in part, and marked.</summary>
    private static async Task InterruptAsync(string store)
    {
        await StoreBench.SqlAsync(store, "delete from §changeset");
        await StoreBench.SqlAsync(store, "delete from §event");
        await StoreBench.SqlAsync(store, "delete from §sequence");
        await StoreBench.SqlAsync(store, "delete from §point where owner = (select max(owner) from §point) and step % 2 = 0");
        await StoreBench.SqlAsync(store, $"update §store set {(store.Contains(';') ? "version = version" : "schema = schema")} + 2000000000");
    }

    private async Task<List<object>> ReadAsync(string store, List<string> ids)
    {
        using var host = bench.Host(store);
        await host.Services.OpenMlopsAsync(Token);
        var (tracker, registry) = (host.Services.GetRequiredService<IExperimentTracker>(), host.Services.GetRequiredService<IModelRegistry>());
        var seen = new List<object>();
        foreach (var id in ids)
        {
            var run = await tracker.GetRunAsync(id, Token);
            seen.Add(string.Join(" ", run.Name, run.Started.Ticks, run.LastSeen.Ticks, run.Deleted?.Ticks, string.Join(",", run.Params.OrderBy(p => p.Key).Select(p => $"{p.Key}={p.Value} {double.IsNegative(p.Value.Number ?? 1)}")), string.Join(",", run.Metrics)));
            await foreach (var point in tracker.ReadMetricAsync(id, "auc", Token))
            {
                seen.Add(point.ToString());
            }
        }

        await foreach (var e in registry.ListEventsAsync("delay", Token))
        {
            seen.Add(e.ToString());
        }

        await foreach (var version in registry.ListVersionsAsync("delay", Token))
        {
            seen.Add((version.Version, version.Package, version.Created, version.Run));
        }

        seen.Add((await registry.GetAliasAsync("delay", "champion", Token)).ToString());
        foreach (var node in (await host.Services.GetRequiredService<ILineage>().WhatMadeVersionAsync("delay", 2, cancellationToken: Token)).Nodes.OrderBy(node => node.Id.ToString(), StringComparer.Ordinal))
        {
            seen.Add(node.ToString());
        }

        return seen;
    }

    private static async Task<long> LastAsync(IModelRegistry registry)
    {
        var last = 0L;
        await foreach (var e in registry.ListEventsAsync("delay", Token))
        {
            last = e.Position;
        }

        return last;
    }
}
