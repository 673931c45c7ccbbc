using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Artifacts;

public sealed class FileArtifactProcessTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mlops-artifacts-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_process_that_is_killed_during_an_upload_leaves_no_visible_object()
    {
        using var child = ArtifactProcess.Start(root);
        await child.StandardInput.BaseStream.WriteAsync(new byte[300_000], Token);
        await child.StandardInput.BaseStream.FlushAsync(Token);
        var temporary = Path.Combine(root, "tmp");
        var begun = Task.Run(
            async () =>
            {
                while (!Directory.Exists(temporary) || !new DirectoryInfo(temporary).EnumerateFiles().Any(f => f.Length >= 200_000))
                {
                    await Task.Delay(5, Token);
                }
            },
            Token);
        await begun.WaitAsync(TimeSpan.FromSeconds(60), Token);
        child.Kill();
        await child.WaitForExitAsync(Token);

        var store = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = root }));
        await store.OpenAsync(Token);
        (await store.ListAsync(Token).ToListAsync(Token)).Should().BeEmpty();
        Directory.EnumerateFiles(temporary).Should().ContainSingle("a young one may belong to a living process");
    }

    [Fact]
    public async Task Equal_uploads_of_several_processes_converge()
    {
        var content = new byte[2_000_000];
        new Random(3).NextBytes(content);
        var children = Enumerable.Range(0, 3).Select(_ => ArtifactProcess.Start(root)).ToList();
        var digests = await Task.WhenAll(children.Select(async child =>
        {
            await child.StandardInput.BaseStream.WriteAsync(content, Token);
            child.StandardInput.Close();
            var line = await child.StandardOutput.ReadLineAsync(Token);
            await child.WaitForExitAsync(Token);
            child.Dispose();
            return line;
        }));
        digests.Should().AllBe(Digest.Of(content).ToString());
        var store = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = root }));
        (await store.ListAsync(Token).ToListAsync(Token)).Should().Equal(new ArtifactRef(Digest.Of(content), content.Length));
        (await store.ReadBytesAsync(Digest.Of(content), cancellationToken: Token)).Should().Equal(content);
        Directory.EnumerateFiles(Path.Combine(root, "tmp")).Should().BeEmpty();
    }
}
