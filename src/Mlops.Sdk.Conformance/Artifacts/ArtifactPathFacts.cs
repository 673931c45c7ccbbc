using System.Text;
using Xunit;

namespace Mlops.Sdk.Artifacts;

/// <summary>The part of <see cref="ArtifactStoreConformance"/> about paths that want to leave their folder.</summary>
public abstract class ArtifactPathFacts : ArtifactStoreFacts
{
    [Fact]
    public virtual async Task A_stored_manifest_whose_path_leaves_its_folder_is_never_written_to_disk()
    {
        var work = Directory.CreateTempSubdirectory("mlops-paths-").FullName;
        try
        {
            var file = await PutAsync(Content(5));
            foreach (var path in ArtifactPathCorpus.Refused.Where((_, i) => i % 8 == 0))
            {
                // An eighth, because the rule is the same for every store; this is about who asks it. Written by hand, as by somebody who wants to get out: canonical but for its path.
                var escaped = string.Concat(path.Select(c => c is < ' ' or > '~' or '"' or '\\' ? $"\\u{(int)c:X4}" : $"{c}"));
                var manifest = await PutAsync(Encoding.ASCII.GetBytes($$"""{"files":[{"digest":"{{file.Digest}}","length":5,"path":"{{escaped}}"}],"format":1}"""));
                var read = await Record.ExceptionAsync(() => Store.ReadManifestAsync(manifest.Digest, Token));
                Assert.True(read is CorruptedException, $"A stored manifest that names '{path}' must be reported as damaged; found {read?.GetType().Name ?? "no exception"}.");
                var written = await Record.ExceptionAsync(() => Store.WriteFolderAsync(manifest.Digest, Path.Combine(work, "target"), Token));
                Assert.True(written is CorruptedException, $"A stored manifest that names '{path}' must not be written to disk; found {written?.GetType().Name ?? "no exception"}.");
                Assert.Empty(Directory.EnumerateFileSystemEntries(work));
            }

            var honest = new ArtifactManifest(ArtifactPathCorpus.Accepted.Select(path => new ArtifactEntry(path, file.Digest, 5)));
            await Store.PutManifestAsync(honest, Token);
            Assert.Equal(honest.Entries, (await Store.ReadManifestAsync(honest.Digest, Token)).Entries);
            await Store.WriteFolderAsync(honest.Digest, Path.Combine(work, "target"), Token);
            Assert.Equal(honest.Digest, (await Store.PutFolderAsync(Path.Combine(work, "target"), Token)).Digest);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    [Fact]
    public virtual async Task Nothing_but_a_digest_names_an_object()
    {
        await PutAsync(Content(5));
        foreach (var path in ArtifactPathCorpus.Refused.Concat(ArtifactPathCorpus.Accepted))
        {
            Assert.False(Digest.TryParse(path, out _) || Digest.TryParse("sha256:" + path, out _));
        }

        // The empty digest is nobody's, whether a store says so by an exception or by finding nothing.
        var (found, deleted) = (default(ArtifactRef), false);
        await Record.ExceptionAsync(async () => found = await Store.FindAsync(default, Token));
        await Record.ExceptionAsync(async () => deleted = await Store.DeleteAsync(default, Token));
        await Assert.ThrowsAnyAsync<Exception>(() => Store.OpenReadAsync(default, Token));
        Assert.Null(found);
        Assert.False(deleted);
        Assert.Single(await ListAsync());
    }
}
