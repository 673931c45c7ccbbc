using System.Diagnostics;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.StoreWorker;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>A disk of one megabyte, and one that is read-only.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly string disk = Directory.CreateTempSubdirectory("mlops-disk-").FullName;
    private bool mounted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk needs root on Linux.");
        mounted = await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk);
        Assert.SkipUnless(mounted, "This machine does not let root mount a small disk.");
    }

    public async ValueTask DisposeAsync()
    {
        if (mounted)
        {
            await RunAsync("umount", "-l", disk);
        }

        Directory.Delete(disk);
    }

    [Fact]
    public async Task A_full_disk_keeps_nothing_of_the_changeset_and_the_store_works_when_space_returns()
    {
        var path = Path.Combine(disk, "mlops.db");
        await using var store = new SqliteMetadataStore(new() { Path = path });
        await store.CommitAsync(Changes("before", 1), Token);
        var filler = Path.Combine(disk, "filler");
        await File.WriteAllBytesAsync(filler, new byte[300_000], Token);

        var error = (await FluentActions.Awaiting(() => store.CommitAsync(Changes("big", 60), Token)).Should().ThrowAsync<MlopsException>()).Which;
        error.Message.Should().Contain("is full").And.Contain(path).And.Contain("free space");
        error.Should().Match<MlopsException>(e => e.Store == "sqlite" && e.Operation == "commit");
        (await store.CountAsync("run", cancellationToken: Token)).Should().Be(1);

        File.Delete(filler);
        (await store.CommitAsync(Changes("after", 1), Token)).Committed.Should().BeTrue();
        (await store.CountAsync("run", cancellationToken: Token)).Should().Be(2);
        await store.DisposeAsync();
        await using var raw = new RawDatabase(path);
        raw.Scalar("pragma integrity_check").Should().Be("ok");
    }

    [Fact]
    public async Task An_upgrade_for_whose_backup_the_disk_has_no_room_is_refused_and_happens_when_space_returns()
    {
        var path = Path.Combine(disk, "mlops.db");
        await GoldenTests.UnpackAsync(1, path);
        await using (var raw = new RawDatabase(path))
        {
            raw.Execute("pragma journal_mode = delete; create table padding(x); insert into padding values (randomblob(300000))");
        }

        var filler = Path.Combine(disk, "filler");
        await File.WriteAllBytesAsync(filler, new byte[400_000], Token);
        await using var store = new SqliteMetadataStore(new() { Path = path });

        var error = (await FluentActions.Awaiting(() => store.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which;
        error.Message.Should().Contain(path).And.Contain("was not upgraded").And.Contain("full").And.Contain("unchanged");
        Directory.GetFiles(disk, "*.bak*").Should().BeEmpty("no half of a backup stays");
        await using (var raw = new RawDatabase(path))
        {
            raw.Scalar("select schema from store").Should().Be(1L);
        }

        File.Delete(filler);
        (await store.OpenAsync(Token)).SchemaVersion.Should().Be(2);
        new FileInfo(path + ".schema-1.bak").Length.Should().BeGreaterThan(300_000);
    }

    [Fact]
    public async Task A_full_disk_under_the_tracker_is_named_and_what_was_acknowledged_is_kept()
    {
        var path = Path.Combine(disk, "mlops.db");
        var acknowledged = new List<string>();
        MlopsException? error = null;
        await using (var host = await StoreHost.OpenAsync(new SqliteMetadataStore(new() { Path = path }), cancellationToken: Token))
        {
            while (error is null)
            {
                try
                {
                    var run = await host.Tracker.StartRunAsync("e", cancellationToken: Token);
                    await run.LogParamsAsync(new Dictionary<string, AttributeValue> { ["id"] = run.Id, ["padding"] = new string('x', 5_000) }, Token);
                    acknowledged.Add(run.Id);
                }
                catch (MlopsException full)
                {
                    error = full;
                }
            }
        }

        error.Message.Should().Contain("is full").And.Contain(path);
        acknowledged.Should().NotBeEmpty();
        await using var again = await StoreHost.OpenAsync(new SqliteMetadataStore(new() { Path = path }), cancellationToken: Token);
        foreach (var id in acknowledged)
        {
            (await again.Tracker.FindRunAsync(id, Token))!.Params["id"].Should().Be((AttributeValue)id);
        }
    }

    [Fact]
    public async Task A_read_only_disk_is_named()
    {
        var path = Path.Combine(disk, "mlops.db");
        await using (var store = new SqliteMetadataStore(new() { Path = path }))
        {
            await store.OpenAsync(Token);
        }

        Assert.SkipUnless(await RunAsync("mount", "-o", "remount,ro", disk), "This machine does not let root remount a disk.");
        await using var refused = new SqliteMetadataStore(new() { Path = path });
        (await FluentActions.Awaiting(() => refused.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain(path).And.Contain("read-only").And.Contain("write access");
    }

    private static Changeset Changes(string key, int count) =>
        new(MlopsId.New(), "ada", [.. Enumerable.Range(0, count).Select(i => new Change.Create(new("run", $"{key}-{i}"), new(1, new byte[16_000])))]);

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
