using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

public sealed class OpeningTests : IAsyncLifetime
{
    private readonly TemporaryDatabase database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Making_a_store_touches_nothing_and_opening_makes_the_folder()
    {
        var store = database.Store();
        Directory.GetFileSystemEntries(database.Folder).Should().BeEmpty();

        await store.OpenAsync(Token);
        File.Exists(database.Path).Should().BeTrue();
    }

    [Fact]
    public async Task A_reopened_store_is_the_same_store_with_the_same_content()
    {
        var id = new EntityId("run", "a");
        await using var first = database.Store();
        var info = await first.OpenAsync(Token);
        await first.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(id, new(1, new byte[] { 1, 2 }))]), Token);
        await first.DisposeAsync();

        var second = database.Store();
        (await second.OpenAsync(Token)).Should().Be(info);
        (await second.FindAsync([id], cancellationToken: Token))[0]!.Body.Bytes.ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public async Task Stores_that_open_one_new_file_at_once_agree_on_it()
    {
        var infos = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => database.Store().OpenAsync(Token), Token)));
        infos.Should().OnlyContain(info => info == infos[0]);
    }

    [Fact]
    public async Task A_file_of_a_newer_schema_is_refused_and_left_alone()
    {
        await using (var store = database.Store())
        {
            await store.OpenAsync(Token);
        }

        await using (var raw = new RawDatabase(database.Path))
        {
            raw.Execute("update store set schema = 99");
        }

        var error = (await FluentActions.Awaiting(() => database.Store().OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which;
        error.Message.Should().Contain(database.Path).And.Contain("version 99").And.Contain("up to version 2").And.Contain("Upgrade");
        error.Should().Match<MlopsException>(e => e.Store == "sqlite" && e.Operation == "open" && !e.IsTransient);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(database.Path)!);
        var garbage = Enumerable.Range(0, 5000).Select(i => (byte)(i * 7)).ToArray();
        await File.WriteAllBytesAsync(database.Path, garbage, Token);

        var error = (await FluentActions.Awaiting(() => database.Store().OpenAsync(Token)).Should().ThrowAsync<CorruptedException>()).Which;
        error.Message.Should().Contain(database.Path).And.Contain("Restore it from a backup");
        (await File.ReadAllBytesAsync(database.Path, Token)).Should().Equal(garbage);
    }

    [Fact]
    public async Task A_database_of_another_application_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(database.Path)!);
        await using (var theirs = new RawDatabase(database.Path))
        {
            theirs.Execute("create table theirs(x)");
        }

        var bytes = await File.ReadAllBytesAsync(database.Path, Token);
        (await FluentActions.Awaiting(() => database.Store().OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain("belongs to another application");
        (await File.ReadAllBytesAsync(database.Path, Token)).Should().Equal(bytes, "also the mode of its journal is its own");
        Directory.GetFiles(Path.GetDirectoryName(database.Path)!).Should().Equal(database.Path);
    }

    [Fact]
    public async Task A_damaged_page_is_reported_as_damage()
    {
        await using (var store = database.Store())
        {
            await store.OpenAsync(Token);
        }

        var bytes = await File.ReadAllBytesAsync(database.Path, Token);
        Array.Fill(bytes, (byte)0xAB, 4096, bytes.Length - 4096);
        await File.WriteAllBytesAsync(database.Path, bytes, Token);

        var error = (await FluentActions.Awaiting(() => database.Store().FindAsync([new("run", "a")], cancellationToken: Token)).Should().ThrowAsync<CorruptedException>()).Which;
        error.Message.Should().Contain(database.Path);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(Path.GetDirectoryName(database.Path)!, "a file in the way", Token);
        (await FluentActions.Awaiting(() => database.Store().OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain(database.Path);
    }

    [Fact]
    public async Task A_store_that_failed_to_open_opens_when_the_reason_is_gone()
    {
        var folder = Path.GetDirectoryName(database.Path)!;
        await File.WriteAllTextAsync(folder, "a file in the way", Token);
        var store = database.Store();
        await FluentActions.Awaiting(() => store.OpenAsync(Token)).Should().ThrowAsync<MlopsException>();

        File.Delete(folder);
        (await store.OpenAsync(Token)).SchemaVersion.Should().Be(2);
    }

    [Fact]
    public async Task A_disposed_store_says_so()
    {
        var store = database.Store();
        await store.OpenAsync(Token);
        await store.DisposeAsync();
        await FluentActions.Awaiting(() => store.FindAsync([new("run", "a")], cancellationToken: Token)).Should().ThrowAsync<ObjectDisposedException>();
    }
}
