using Mlops.Sdk.Metadata;
using Mlops.Sdk.StoreWorker;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

public sealed class BackupTests : IAsyncLifetime
{
    private static readonly EntityId Run = new("run", "a"), Model = new("model", "m");
    private readonly TemporaryDatabase database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Copy => Path.Combine(database.Folder, "copy.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_backup_beside_a_process_that_writes_holds_what_was_acknowledged_before_and_nothing_by_halves()
    {
        var store = database.Store();
        await store.OpenAsync(Token);
        var (before, later) = (new Acknowledgements(), new Acknowledgements());
        await using (var first = WorkerProcess.Start($"sqlite:{database.Path}", 0, 4, before, 2))
        await using (var second = WorkerProcess.Start($"sqlite:{database.Path}", 1, 4, later))
        {
            await first.EndAsync(Token);
            await second.PrintedAsync(1, Token);
            await store.BackupAsync(Copy, Token);
            await second.PrintedAsync(1, Token);
        }

        later.Errors.Should().BeEmpty("a backup stands in nobody's way");
        var copy = new SqliteMetadataStore(new() { Path = Copy });
        await using var host = await StoreHost.OpenAsync(copy, cancellationToken: Token);
        (await copy.OpenAsync(Token)).StoreId.Should().Be((await store.OpenAsync(Token)).StoreId);
        await StoreCheck.CheckAsync(host, before, complete: false, Token);
        (await copy.CheckAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_backup_that_cannot_be_written_is_named_and_the_one_before_stays()
    {
        var store = database.Store();
        await store.BackupAsync(Copy, Token);
        var bytes = await File.ReadAllBytesAsync(Copy, Token);
        Directory.CreateDirectory(Copy + ".tmp");

        var error = (await FluentActions.Awaiting(() => store.BackupAsync(Copy, Token)).Should().ThrowAsync<MlopsException>()).Which;
        error.Message.Should().Contain(database.Path).And.Contain(Copy).And.Contain("was not backed up");
        (await File.ReadAllBytesAsync(Copy, Token)).Should().Equal(bytes);
        await FluentActions.Awaiting(() => store.BackupAsync(Path.Combine(database.Folder, "no", "such", "folder"), Token)).Should().ThrowAsync<MlopsException>();
        await FluentActions.Awaiting(() => store.BackupAsync(database.Path, Token)).Should().ThrowAsync<ArgumentException>();
        (await store.CheckAsync(Token)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("insert into number values (1, (select id from name where text = 'a'), 1.0, null, null)", "1 attributes are a number and a text at once.")]
    [InlineData("insert into text values (99, 1, 'x')", "1 texts belong to no entity or have no name.")]
    [InlineData("insert into number values (2, (select id from name where text = 'loss'), 1.0, null, null)", "1 numbers belong to no entity or have no name.")]
    [InlineData("update link set target = 99", "1 links have lost an end.")]
    [InlineData("update link set relation = 99", "1 links have no relation.")]
    [InlineData("update point set owner = 99", "1 entities that are gone have left points behind.")]
    [InlineData("insert into point select owner, key, 2, ts, value from point", "1 metrics have points after their latest value.")]
    [InlineData("update event set type = 99", "1 events have no kind or no type.")]
    [InlineData("update entity set kind = 99 where seq = 2", "1 entities are of no kind.")]
    [InlineData("update store set sequence = 1", "1 entities have a number that will be given again.")]
    [InlineData("update store set position = 0", "1 events have a position that will be given again.")]
    public async Task A_check_tells_what_contradicts_itself(string damage, string told)
    {
        await using var store = database.Store();
        await store.CommitAsync(new(MlopsId.New(), "ada", [
            new Change.Create(Run, new(1, default)) { Attributes = new Dictionary<string, AttributeValue> { ["a"] = "x" } },
            new Change.Create(Model, new(1, default)),
            new Change.Connect(new(Run, "made", Model)),
            new Change.Append(Run, [new("loss", 1, DateTimeOffset.UnixEpoch, 1)]),
            new Change.Note(Run, "run.started")]), Token);
        (await store.CheckAsync(Token)).Should().BeEmpty();
        await using (var raw = new RawDatabase(database.Path))
        {
            raw.Execute(damage);
        }

        (await store.CheckAsync(Token)).Should().Equal(told);
    }

    [Fact]
    public async Task A_check_tells_a_damaged_page()
    {
        await using (var store = database.Store())
        {
            await store.CommitAsync(new(MlopsId.New(), "ada", [.. Enumerable.Range(0, 2000).Select(i => new Change.Create(new("run", $"{i}"), new(1, default)) { Attributes = new Dictionary<string, AttributeValue> { ["i"] = i } })]), Token);
        }

        var bytes = await File.ReadAllBytesAsync(database.Path, Token);
        Array.Fill(bytes, (byte)0xAB, bytes.Length - 4096, 4096);
        await File.WriteAllBytesAsync(database.Path, bytes, Token);
        (await database.Store().CheckAsync(Token)).Should().NotBeEmpty().And.OnlyContain(problem => problem.Length > 0);
    }
}
