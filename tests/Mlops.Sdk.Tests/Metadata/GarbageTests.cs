using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;
using static Mlops.Sdk.Tests.Metadata.GarbageHost;

namespace Mlops.Sdk.Tests.Metadata;

public sealed class GarbageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_goes_after_its_retention_with_its_bytes_and_rows_and_what_others_use_stays()
    {
        await using var host = new GarbageHost();
        var (gone, stays) = (await host.RunAsync("only here", "shared"), await host.RunAsync("shared"));
        await host.Tracker.DeleteRunAsync(gone, Token);

        host.Clock.Advance(TimeSpan.FromDays(29));
        var early = await host.CollectAsync();
        host.Clock.Advance(TimeSpan.FromDays(2));
        var late = await host.CollectAsync();

        early.Rows.Should().BeEmpty();
        early.Artifacts.Should().BeEmpty();
        late.Rows.Should().BeEquivalentTo([new EntityId("run", gone), new EntityId("artifact", Digest.Of("only here"u8).ToString())]);
        (late.Artifacts.Single().Digest, late.Bytes, late.DryRun, late.Prunable).Should().Be((Digest.Of("only here"u8), 9L, false, true));
        (await host.TextsAsync()).Should().Equal("shared");
        (await host.EntitiesAsync("run")).Should().Equal(new EntityId("run", stays));
        (await host.EntitiesAsync("artifact")).Should().ContainSingle();
        (await host.CollectAsync()).Should().BeEquivalentTo(new { Rows = Array.Empty<EntityId>(), Bytes = 0L });
    }

    [Fact]
    public async Task A_dry_run_says_exactly_what_the_real_one_does_and_changes_nothing()
    {
        await using var host = new GarbageHost();
        await DeleteAllSortsAsync(host);
        host.Watch = what => what == "read" ? Task.CompletedTask : throw new InvalidOperationException(what);

        var dry = await host.CollectAsync(dryRun: true);
        host.Watch = _ => Task.CompletedTask;
        var real = await host.CollectAsync();

        dry.Rows.Should().HaveCountGreaterThan(5);
        dry.Should().BeEquivalentTo(real, o => o.Excluding(r => r.DryRun));
    }

    [Fact]
    public async Task Bytes_that_were_put_but_not_committed_stay_for_the_grace()
    {
        await using var host = new GarbageHost();
        await host.PutAsync("an upload whose run died");
        host.Clock.Advance(TimeSpan.FromDays(6));
        await host.PutAsync("an upload that will be committed");

        host.Clock.Advance(TimeSpan.FromDays(2));
        var dry = await host.CollectAsync(dryRun: true);
        var report = await host.CollectAsync();

        dry.Artifacts.Should().ContainSingle();
        report.Artifacts.Should().ContainSingle();
        (await host.TextsAsync()).Should().Equal("an upload that will be committed");
    }

    [Fact]
    public async Task Old_bytes_that_are_put_again_are_young_again_even_while_they_are_about_to_go()
    {
        await using var host = new GarbageHost();
        await host.PutAsync("one");
        await host.PutAsync("two");
        host.Clock.Advance(Month);
        await host.PutAsync("one");
        host.Watch = async what =>
        {
            if (what == "prune")
            {
                await host.PutAsync("two");
            }
        };

        (await host.CollectAsync()).Artifacts.Should().BeEmpty();
        (await host.TextsAsync()).Should().Equal("one", "two");
    }

    [Fact]
    public async Task Old_bytes_that_get_a_name_while_the_collector_looks_stay()
    {
        await using var host = new GarbageHost();
        var file = await host.PutAsync("old file");
        var old = await host.PutAsync($"old manifest of {file.Digest}");
        await host.PutAsync("never named");
        await host.RunAsync("read by the collector");
        host.Clock.Advance(Month);
        host.Watch = async what =>
        {
            // By now every entity was read.
            if (what == "read" && (await host.EntitiesAsync("other")).Count == 0)
            {
                var (other, artifact) = (new EntityId("other", "o"), new EntityId("artifact", old.Digest.ToString()));
                host.Watch = _ => Task.CompletedTask;
                await host.Metadata.CommitAsync(new(MlopsId.New(), "t", [new Change.Create(other, new(1, default)), new Change.Create(artifact, new(1, default)), new Change.Connect(new(other, "names", artifact))]), Token);
            }
        };

        (await host.CollectAsync()).Artifacts.Should().ContainSingle();
        (await host.TextsAsync()).Should().HaveCount(3).And.Contain("old file").And.NotContain("never named");
    }

    [Fact]
    public async Task What_is_restored_while_the_collector_works_stays_with_its_bytes()
    {
        await using var host = new GarbageHost();
        var runs = new[] { await host.RunAsync("a"), await host.RunAsync("b") };
        foreach (var run in runs)
        {
            await host.Tracker.DeleteRunAsync(run, Token);
        }

        host.Clock.Advance(Month);
        host.Watch = async what =>
        {
            if (what == "commit")
            {
                host.Watch = _ => Task.CompletedTask;
                await host.Tracker.RestoreRunAsync(runs[0], Token);
            }
        };

        var report = await host.CollectAsync();

        report.Rows.Should().Contain(new EntityId("run", runs[1])).And.NotContain(new EntityId("run", runs[0]));
        (await host.TextsAsync()).Should().Equal("a");
    }

    [Fact]
    public async Task A_version_goes_with_its_package_and_its_idempotency_key_and_the_run_that_made_another_version_stays()
    {
        await using var host = new GarbageHost();
        var run = await host.RunAsync("log");
        var (one, two) = (await PackageAsync(host, 1), await PackageAsync(host, 2));
        await host.Registry.RegisterAsync(new() { Model = "m", Package = one, Run = new("run", run), IdempotencyKey = "k" }, Token);
        await host.Registry.RegisterAsync(new() { Model = "m", Package = two, Run = new("run", run) }, Token);
        await host.Registry.RequestApprovalAsync("m", 1, cancellationToken: Token);
        await host.Registry.DeleteVersionAsync("m", 1, cancellationToken: Token);
        await host.Tracker.DeleteRunAsync(run, Token);
        host.Clock.Advance(Month);

        var report = await host.CollectAsync();

        report.Rows.Select(id => id.Kind).Should().BeEquivalentTo("model-version", "registration", "artifact", "approval");
        report.Artifacts.Should().HaveCount(2, "the manifest and its file go");
        (await host.TextsAsync()).Should().HaveCount(3).And.Contain("log");
        await ModelPackage.OpenAsync(host.Artifacts, two, Token);
        (await host.Registry.RegisterAsync(new() { Model = "m", Package = two, IdempotencyKey = "k" }, Token)).Version.Should().Be(3);
    }

    [Fact]
    public async Task What_a_live_object_names_is_followed_to_the_end()
    {
        await using var host = new GarbageHost();
        var file = await host.PutAsync("file");
        var inner = await host.PutAsync($$"""{"files":["{{file.Digest}}"]}""");
        var plain = await host.PutAsync($"see {inner.Digest.Hex}");
        var large = await host.PutAsync($$"""  ["{{new string(' ', 2 * 1024 * 1024)}}", "{{plain.Digest}}"]""");
        await host.RunAsync($"{large.Digest}");
        host.Clock.Advance(Month);

        (await host.CollectAsync()).Artifacts.Should().BeEmpty();
    }

    [Fact]
    public async Task Other_workspaces_and_kinds_of_the_host_keep_their_bytes()
    {
        await using var host = new GarbageHost();
        var (seen, named, linked) = (await host.PutAsync("seen"), await host.PutAsync("named"), await host.PutAsync("linked"));
        Change[] changes =
        [
            Holder(new("own", "1", "other"), seen), new Change.Note(new("own", "1", "other"), "made"),
            Holder(new("silent", "1"), named),
            new Change.Create(new("unknown", "1"), new(1, default)),
            new Change.Create(new("artifact", linked.Digest.ToString()), new(1, default)),
            new Change.Connect(new(new("unknown", "1"), "holds", new("artifact", linked.Digest.ToString()))),
        ];
        await host.Metadata.CommitAsync(new(MlopsId.New(), "t", changes), Token);
        host.Clock.Advance(Month);

        (await host.CollectAsync(options: new() { Kinds = ["silent"] })).Artifacts.Should().BeEmpty();
        (await host.CollectAsync()).Artifacts.Should().Equal(named);

        static Change.Create Holder(EntityId id, ArtifactRef artifact) => new(id, new(1, System.Text.Encoding.UTF8.GetBytes(artifact.Digest.ToString())));
    }

    [Fact]
    public async Task Nothing_is_removed_when_a_live_object_cannot_be_read()
    {
        await using var host = new GarbageHost();
        await host.RunAsync("live");
        await host.PutAsync("old");
        host.Clock.Advance(Month);
        host.Watch = what => what == "read" ? throw new CorruptedException("damaged") : Task.CompletedTask;

        var collect = () => host.CollectAsync();

        (await collect.Should().ThrowAsync<CorruptedException>()).Which.Message.Should().Contain("sha256:").And.Contain("Put its original again");
        host.Watch = _ => Task.CompletedTask;
        (await host.TextsAsync()).Should().Equal("live", "old");
    }

    [Fact]
    public async Task Interrupted_anywhere_the_next_run_ends_where_an_uninterrupted_one_does()
    {
        List<string> expected;
        await using (var whole = new GarbageHost())
        {
            await DeleteAllSortsAsync(whole);
            await whole.CollectAsync();
            expected = await whole.TextsAsync();
        }

        for (var step = 1; ; step++)
        {
            await using var host = new GarbageHost();
            await DeleteAllSortsAsync(host);
            var left = step;
            host.Watch = _ => --left == 0 ? throw new IOException("killed") : Task.CompletedTask;
            try
            {
                await host.CollectAsync();
                step.Should().BeGreaterThan(15, "every change was interrupted before and after it was made");
                return;
            }
            catch (IOException)
            {
                host.Watch = _ => Task.CompletedTask;
            }

            (await host.TextsAsync()).Should().Contain(expected);
            await host.CollectAsync();
            (await host.TextsAsync()).Should().Equal(expected);
            (await host.EntitiesAsync("run")).Should().ContainSingle();
            (await host.EntitiesAsync("registration")).Should().BeEmpty();
            (await host.EntitiesAsync("artifact")).Should().HaveCount(2);
        }
    }

    [Fact]
    public async Task Every_kind_that_the_SDK_creates_is_looked_at()
    {
        var watched = new WatchedMetadata(new InMemoryMetadataStore(), _ => Task.CompletedTask);
        await using var world = await LineageWorld.CreateAsync(mlops => mlops.UseMetadataStore(_ => watched).UseArtifactStore(_ => new InMemoryArtifactStore()));

        watched.Kinds.Should().HaveCountGreaterThan(8).And.BeSubsetOf(GarbageScope.KnownKinds.Concat(GarbageScope.ContentKinds));
    }

    private static async Task DeleteAllSortsAsync(GarbageHost host)
    {
        await host.RunAsync("shared", "kept");
        var gone = new List<string> { await host.RunAsync("shared", "a", "b"), await host.RunAsync("a", "c") };
        await host.Registry.RegisterAsync(new() { Model = "m", Package = await PackageAsync(host, 1), Run = new("run", gone[0]), IdempotencyKey = "k" }, Token);
        await host.Registry.DeleteVersionAsync("m", 1, cancellationToken: Token);
        await host.PutAsync("never committed");
        foreach (var run in gone)
        {
            await host.Tracker.DeleteRunAsync(run, Token);
        }

        host.Clock.Advance(Month);
    }

    private static async Task<Digest> PackageAsync(GarbageHost host, byte content) =>
        (await new ModelPackageBuilder("own").AddFile("model/weights.bin", new[] { content }).SaveAsync(host.Artifacts, Token)).Package;
}
