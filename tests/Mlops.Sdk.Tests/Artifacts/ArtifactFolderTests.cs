using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Artifacts;

public sealed class ArtifactFolderTests : IDisposable
{
    private readonly string work = Directory.CreateTempSubdirectory("mlops-folder-").FullName;
    private readonly InMemoryArtifactStore store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(work, "target");

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    public async Task A_folder_is_the_same_after_a_round_trip()
    {
        var source = Directory.CreateDirectory(Path.Combine(work, "source")).FullName;
        Directory.CreateDirectory(Path.Combine(source, "a", "empty"));
        await File.WriteAllTextAsync(Path.Combine(source, "a", "é.txt"), "one", Token);
        await File.WriteAllTextAsync(Path.Combine(source, ".hidden"), "two", Token);
        var manifest = await store.PutFolderAsync(source, Token);
        manifest.Entries.Select(e => e.Path).Should().Equal(".hidden", "a/é.txt");
        await store.WriteFolderAsync(manifest.Digest, Target, Token);
        (await File.ReadAllTextAsync(Path.Combine(Target, "a", "é.txt"), Token)).Should().Be("one");
        (await store.PutFolderAsync(Target, Token)).Digest.Should().Be(manifest.Digest);
        await FluentActions.Awaiting(() => store.WriteFolderAsync(manifest.Digest, Target, Token)).Should().ThrowAsync<IOException>().WithMessage("*exists already*");
    }

    [Fact]
    public async Task A_folder_with_a_link_is_refused()
    {
        var source = Directory.CreateDirectory(Path.Combine(work, "source")).FullName;
        File.CreateSymbolicLink(Path.Combine(source, "link"), "/etc/passwd");
        await FluentActions.Awaiting(() => store.PutFolderAsync(source, Token)).Should().ThrowAsync<ArgumentException>().WithMessage("*'link'*is a link*");
    }

    [Fact]
    public async Task A_folder_of_which_an_object_is_missing_is_not_written_at_all()
    {
        var there = await store.PutBytesAsync("one"u8.ToArray(), Token);
        var manifest = new ArtifactManifest([new("a", there.Digest, 3), new("b", Digest.Of("gone"u8), 4)]);
        await store.PutManifestAsync(manifest, Token);
        await FluentActions.Awaiting(() => store.WriteFolderAsync(manifest.Digest, Target, Token)).Should().ThrowAsync<NotFoundException>();
        Directory.EnumerateFileSystemEntries(work).Should().BeEmpty();
    }
}
