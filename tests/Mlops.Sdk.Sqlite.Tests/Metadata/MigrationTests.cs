using System.Diagnostics;
using System.IO.Compression;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.StoreWorker;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>Databases of older schemas, opened by this version.</summary>
public sealed class MigrationTests : IAsyncLifetime
{
    private static readonly EntityId Run = new("run", "r/1");
    private readonly TemporaryDatabase database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Backup => $"{database.Path}.schema-1.bak";

    public async ValueTask InitializeAsync() => await GoldenTests.UnpackAsync(1, database.Path);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task An_upgrade_leaves_a_backup_that_opens_with_the_content_from_before()
    {
        var golden = await File.ReadAllBytesAsync(database.Path, Token);
        var store = database.Store();
        (await store.OpenAsync(Token)).SchemaVersion.Should().Be(2);
        await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Delete(Run, 1)]), Token);
        await store.DisposeAsync();
        Files().Should().BeEquivalentTo("mlops.db", "mlops.db.schema-1.bak");

        File.Move(Backup, database.Path, overwrite: true);
        await using (var raw = new RawDatabase(database.Path))
        {
            raw.Scalar("select schema from store").Should().Be(1L);
            raw.Scalar("pragma integrity_check").Should().Be("ok");
            await File.WriteAllBytesAsync(database.Path + ".golden", golden, Token);
            raw.Execute($"attach '{database.Path}.golden' as golden");
            foreach (var table in raw.Rows("select name from main.sqlite_master where type = 'table' and name not like 'sqlite%'"))
            {
                raw.Rows($"select * from main.{table} except select * from golden.{table}").Concat(raw.Rows($"select * from golden.{table} except select * from main.{table}")).Should().BeEmpty("{0} is as it was", table);
            }
        }

        (await database.Store().FindAsync([Run], cancellationToken: Token))[0].Should().NotBeNull("it was deleted after the backup");
    }

    [Fact]
    public async Task A_current_database_is_opened_without_a_backup()
    {
        await using (var store = database.Store())
        {
            await store.OpenAsync(Token);
        }

        File.Delete(Backup);
        await database.Store().OpenAsync(Token);
        File.Exists(Backup).Should().BeFalse();
    }

    [Fact]
    public async Task Processes_that_open_an_old_database_at_once_upgrade_it_once()
    {
        await using var crew = new WorkerCrew($"sqlite:{database.Path}");
        for (var i = 0; i < 4; i++)
        {
            crew.Start(1, rounds: 1);
        }

        await crew.EndAsync(Token);
        crew.Acknowledged.Errors.Should().BeEmpty();
        crew.Acknowledged.Ended.Should().HaveCount(4);
        await using var before = new RawDatabase(Backup);
        before.Scalar("select schema from store").Should().Be(1L);
        before.Scalar("select count(*) from event").Should().Be(2L, "nothing was written between the backup and the upgrade");
    }

    [Fact]
    public async Task A_process_killed_in_the_middle_of_an_upgrade_leaves_the_database_as_it_was()
    {
        await GrowAsync(40_000);
        for (var kill = 0; kill < 2 * StorePromises.Scale; kill++)
        {
            await using var worker = WorkerProcess.Start($"sqlite:{database.Path}", kill, 1, new());
            var started = Stopwatch.StartNew();
            while (!File.Exists(Backup + ".tmp") && !File.Exists(Backup))
            {
                started.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(1), "a backup begins");
                await Task.Yield();
            }

            await worker.KillAsync();
            await using var raw = new RawDatabase(database.Path);
            raw.Scalar("select schema from store").Should().BeOneOf(1L, 2L);
            raw.Scalar("select count(*) from sqlite_master where type = 'view'").Should().Be((long)raw.Scalar("select schema from store")! == 1 ? 0L : 6L, "a version is there with all that belongs to it");
            if (File.Exists(Backup))
            {
                await using var whole = new RawDatabase(Backup);
                whole.Scalar("select count(*) from entity where id like 'p%'").Should().Be(40_000L, "a backup has its name only when it is whole");
            }

            raw.Execute("drop view if exists runs; drop view if exists run_params; drop view if exists run_metrics_latest; drop view if exists model_versions; drop view if exists aliases; drop view if exists lineage; update store set schema = 1");
            File.Delete(Backup);
        }

        (await database.Store().CountAsync("padding", cancellationToken: Token)).Should().Be(40_000);
        Files().Should().NotContain(file => file.EndsWith(".tmp", StringComparison.Ordinal));
        await using var copy = new RawDatabase(Backup);
        copy.Scalar("pragma integrity_check").Should().Be("ok");
        copy.Scalar("select count(*) from entity where id like 'p%'").Should().Be(40_000L);
    }

    [Fact]
    public async Task An_upgrade_without_room_for_the_backup_is_refused_and_changes_nothing()
    {
        Directory.CreateDirectory(Backup + ".tmp");
        var error = (await FluentActions.Awaiting(() => database.Store().OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which;
        error.Message.Should().Contain(database.Path).And.Contain("was not upgraded from schema version 1 to 2").And.Contain(Backup).And.Contain("unchanged");
        error.Should().Match<MlopsException>(e => e.Store == "sqlite" && e.Operation == "upgrade");
        await using (var raw = new RawDatabase(database.Path))
        {
            raw.Scalar("select schema from store").Should().Be(1L);
        }

        Directory.Delete(Backup + ".tmp");
        (await database.Store().OpenAsync(Token)).SchemaVersion.Should().Be(2);
    }

    [Fact]
    public async Task Check_refuses_an_old_and_a_missing_database_with_the_remedy_and_touches_neither()
    {
        var old = (await FluentActions.Awaiting(() => Open(StoreMigration.Check)).Should().ThrowAsync<MlopsException>()).Which;
        old.Message.Should().Contain(database.Path).And.Contain("has schema version 1").And.Contain("needs 2").And.Contain("Migrate = Auto");
        Files().Should().Equal("mlops.db");
        await using (var raw = new RawDatabase(database.Path))
        {
            raw.Scalar("select schema from store").Should().Be(1L);
        }

        File.Delete(database.Path);
        foreach (var migrate in new[] { StoreMigration.Check, StoreMigration.Never })
        {
            (await FluentActions.Awaiting(() => Open(migrate)).Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("does not exist").And.Contain("Migrate = Auto");
            await File.WriteAllBytesAsync(database.Path, [], Token);
            (await FluentActions.Awaiting(() => Open(migrate)).Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("is empty").And.Contain("Migrate = Auto");
            new FileInfo(database.Path).Length.Should().Be(0);
            File.Delete(database.Path);
        }
    }

    [Fact]
    public async Task Check_opens_a_current_database()
    {
        await Open(StoreMigration.Auto);
        (await Open(StoreMigration.Check)).SchemaVersion.Should().Be(2);
    }

    [Fact]
    public async Task Never_works_on_an_old_database_and_leaves_its_schema()
    {
        var store = database.Store(configure: options => options.Migrate = StoreMigration.Never);
        (await store.OpenAsync(Token)).SchemaVersion.Should().Be(1);
        (await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(new("run", "new"), new(1, default)), new Change.Append(Run, [new("loss", 1, DateTimeOffset.UnixEpoch, 1)])]), Token)).Committed.Should().BeTrue();
        (await store.CountAsync("run", cancellationToken: Token)).Should().Be(2);
        File.Exists(Backup).Should().BeFalse();

        (await database.Store().OpenAsync(Token)).SchemaVersion.Should().Be(2, "somebody else may upgrade it meanwhile");
        (await store.CountAsync("run", cancellationToken: Token)).Should().Be(2);
    }

    private Task<StoreInfo> Open(StoreMigration migrate) => database.Store(configure: options => options.Migrate = migrate).OpenAsync(Token);

    private IEnumerable<string> Files() => Directory.GetFiles(Path.GetDirectoryName(database.Path)!).Select(file => Path.GetFileName(file)!).Where(file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal));

    /// <summary>Adds entities, so that a backup takes a while.</summary>
    private async Task GrowAsync(int count)
    {
        await using var raw = new RawDatabase(database.Path);
        raw.Execute($"insert into kind(workspace, name) values ('default', 'padding'); insert into entity with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) select 1000 + i, (select id from kind where name = 'padding'), 'p' || i, 1, 1, 0, 0, randomblob(500) from n; update store set sequence = 1000 + {count}");
    }
}
