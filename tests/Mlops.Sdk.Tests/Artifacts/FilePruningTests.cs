using System.Text;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Artifacts;

public sealed class FilePruningTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mlops-prune-").FullName;
    private readonly FileArtifactStore store;

    public FilePruningTests() => store = new(root, null, new FileSync());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateTimeOffset Yesterday => TimeProvider.System.GetUtcNow().AddDays(-1);

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task An_old_object_goes_and_a_young_one_and_one_that_was_put_again_stay()
    {
        var (old, young, again) = (await PutAsync("old"), await PutAsync("young"), await PutAsync("again"));
        Age(old);
        Age(again);
        await PutAsync("again");

        (await store.PruneAsync(old.Digest, Yesterday, Token)).Should().BeTrue();
        (await store.PruneAsync(old.Digest, Yesterday, Token)).Should().BeFalse("it is gone");
        (await store.PruneAsync(young.Digest, Yesterday, Token)).Should().BeFalse();
        (await store.PruneAsync(again.Digest, Yesterday, Token)).Should().BeFalse();
        (await store.ListPutsAsync(Token).Select(p => p.Artifact).ToListAsync(Token)).Should().BeEquivalentTo([young, again]);
        (await store.ListPutsAsync(Token).Select(p => p.LastPut).ToListAsync(Token)).Should().AllSatisfy(at => at.Should().BeAfter(Yesterday));
        Directory.EnumerateFiles(Path.Combine(root, "tmp")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_put_in_the_moment_between_the_look_and_the_removal_wins()
    {
        FileArtifactStore? racing = null;
        var sync = new Racing();
        racing = new(root, null, sync);
        var old = await PutAsync("content");
        Age(old);

        // Just set aside: the object comes again. And once more, where what is set aside is the young one itself.
        sync.OnFolder = async () => await PutAsync("content");
        (await racing.PruneAsync(old.Digest, Yesterday, Token)).Should().BeTrue("what was set aside is the old file");
        Encoding.UTF8.GetString(await store.ReadBytesAsync(old.Digest, cancellationToken: Token)).Should().Be("content");

        Age(old);
        sync.OnFolder = () =>
        {
            File.SetLastWriteTimeUtc(Directory.EnumerateFiles(Path.Combine(root, "tmp"), "prune-*").Single(), DateTime.UnixEpoch.AddYears(200));
            return Task.CompletedTask;
        };
        (await racing.PruneAsync(old.Digest, Yesterday, Token)).Should().BeFalse("what was set aside is young");
        (await store.FindAsync(old.Digest, Token)).Should().Be(old);
    }

    [Fact]
    public async Task What_a_killed_process_left_aside_is_put_back_when_the_store_opens()
    {
        var stored = await PutAsync("content");
        var sync = new Racing { OnFolder = () => throw new IOException("killed") };
        Age(stored);
        var prune = () => new FileArtifactStore(root, null, sync).PruneAsync(stored.Digest, Yesterday, Token);
        await prune.Should().ThrowAsync<MlopsException>();
        (await store.FindAsync(stored.Digest, Token)).Should().BeNull();

        await store.OpenAsync(Token);

        (await store.ReadBytesAsync(stored.Digest, cancellationToken: Token)).Should().Equal("content"u8.ToArray());
        Directory.EnumerateFiles(Path.Combine(root, "tmp")).Should().BeEmpty();
    }

    private void Age(ArtifactRef artifact) =>
        File.SetLastWriteTimeUtc(Directory.EnumerateFiles(root, artifact.Digest.Hex, SearchOption.AllDirectories).Single(), Yesterday.UtcDateTime.AddDays(-1));

    private Task<ArtifactRef> PutAsync(string text) => store.PutBytesAsync(Encoding.UTF8.GetBytes(text), Token);

    /// <summary>Acts once, when an object was set aside.</summary>
    private sealed class Racing : FileSync
    {
        public Func<Task>? OnFolder { get; set; }

        public override void Folder(string path)
        {
            base.Folder(path);
            if (path.Contains("sha256" + Path.DirectorySeparatorChar, StringComparison.Ordinal) && OnFolder is { } act)
            {
                OnFolder = null;
                act().GetAwaiter().GetResult();
            }
        }
    }
}
