using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Win32.SafeHandles;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Artifacts;

public sealed class FileArtifactStoreTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mlops-artifacts-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_file_is_flushed_renamed_and_its_folders_flushed_before_it_is_acknowledged()
    {
        var sync = new RecordingSync(root);
        var store = new FileArtifactStore(root, null, sync);
        await store.OpenAsync(Token);
        sync.Calls.Clear();
        var stored = await store.PutBytesAsync("one"u8.ToArray(), Token);
        var (a, b) = (stored.Digest.Hex[..2], stored.Digest.Hex[2..4]);
        sync.Calls.Should().Equal("file tmp/*", "folder sha256", $"folder sha256/{a}", $"rename tmp/* sha256/{a}/{b}/{stored.Digest.Hex}", $"folder sha256/{a}/{b}");

        sync.Calls.Clear();
        await store.PutBytesAsync("one"u8.ToArray(), Token);
        sync.Calls.Should().Equal("file tmp/*", $"rename tmp/* sha256/{a}/{b}/{stored.Digest.Hex}", $"folder sha256/{a}/{b}");
    }

    [Fact]
    public void A_folder_can_be_flushed_on_this_system_and_a_missing_one_is_named()
    {
        new FileSync().Folder(root);
        if (!OperatingSystem.IsWindows())
        {
            FluentActions.Invoking(() => new FileSync().Folder(Path.Combine(root, "gone"))).Should().Throw<IOException>().WithMessage("*gone*");
        }
    }

    [Fact]
    public async Task An_object_is_not_visible_when_its_flush_fails()
    {
        var store = new FileArtifactStore(root, null, new FailingSync());
        var error = (await FluentActions.Awaiting(() => store.PutBytesAsync("one"u8.ToArray(), Token)).Should().ThrowAsync<MlopsException>()).Which;
        error.Message.Should().Contain(root).And.Contain("the disk is broken").And.Contain("Mlops:Artifacts:Root");
        (await store.FindAsync(Digest.Of("one"u8), Token)).Should().BeNull();
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Fact]
    public async Task Opening_removes_temporary_files_that_are_older_than_a_day()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var store = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = root }), clock);
        await store.OpenAsync(Token);
        var left = Path.Combine(root, "tmp", "left");
        await File.WriteAllTextAsync(left, "half", Token);
        clock.Advance(TimeSpan.FromHours(23));
        await store.OpenAsync(Token);
        File.Exists(left).Should().BeTrue("an upload may take a while");
        clock.Advance(TimeSpan.FromHours(2));
        await store.OpenAsync(Token);
        File.Exists(left).Should().BeFalse();
    }

    [Fact]
    public async Task An_object_is_deleted_also_when_somebody_removed_the_folder_for_temporary_files()
    {
        var store = new FileArtifactStore(root, null, new FileSync());
        var stored = await store.PutBytesAsync("one"u8.ToArray(), Token);
        Directory.Delete(Path.Combine(root, "tmp"), recursive: true);

        (await store.DeleteAsync(stored.Digest, Token)).Should().BeTrue();
        (await store.FindAsync(stored.Digest, Token)).Should().BeNull();
    }

    [Fact]
    public async Task A_link_that_leads_back_into_the_root_is_not_followed_for_ever()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links needs a right on Windows.");
        var store = new FileArtifactStore(root, null, new FileSync());
        var stored = await store.PutBytesAsync("one"u8.ToArray(), Token);
        for (var i = 0; i < 3; i++)
        {
            Directory.CreateSymbolicLink(Path.Combine(root, "sha256", $"link{i}"), Path.Combine(root, "sha256"));
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        (await store.ListAsync(limit.Token).ToListAsync(limit.Token)).Should().Equal(stored);
    }

    [Fact]
    public async Task Foreign_files_are_not_listed()
    {
        var store = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = root }));
        var stored = await store.PutBytesAsync("one"u8.ToArray(), Token);
        await File.WriteAllTextAsync(Path.Combine(root, "sha256", "README"), "x", Token);
        await File.WriteAllTextAsync(Path.Combine(root, "sha256", new string('0', 64)), "x", Token);
        (await store.ListAsync(Token).ToListAsync(Token)).Should().Equal(stored);
    }

    [Fact]
    public async Task A_root_that_is_a_file_is_named_with_the_remedy()
    {
        var file = Path.Combine(root, "file");
        await File.WriteAllTextAsync(file, "x", Token);
        var store = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = file }));
        (await FluentActions.Awaiting(() => store.OpenAsync(Token)).Should().ThrowAsync<MlopsException>()).Which.Message.Should().Contain(file).And.Contain("Mlops:Artifacts:Root");
        await FluentActions.Awaiting(() => store.PutBytesAsync("x"u8.ToArray(), Token)).Should().ThrowAsync<MlopsException>();
    }

    [Fact]
    public async Task A_reader_who_asks_for_the_exact_length_is_warned_too()
    {
        var store = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = root }));
        var stored = await store.PutBytesAsync(new byte[1000], Token);
        await File.WriteAllBytesAsync(Path.Combine(root, "sha256", stored.Digest.Hex[..2], stored.Digest.Hex[2..4], stored.Digest.Hex), [.. Enumerable.Repeat((byte)1, 1000)], Token);
        var buffer = new byte[1000];
        await using var stream = await store.OpenReadAsync(stored.Digest, Token);
        await FluentActions.Awaiting(() => stream.ReadExactlyAsync(buffer, Token).AsTask()).Should().ThrowAsync<CorruptedException>().WithMessage($"*{stored.Digest}*");
        buffer.Should().OnlyContain(b => b == 0, "wrong bytes must not reach the caller at all");
    }

    [Fact]
    public async Task The_root_comes_from_configuration_and_then_from_code()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Mlops:Artifacts:Root", Path.Combine(root, "configured"))]).Build().GetSection("Mlops");
        foreach (var (configure, folder) in new (Action<FileArtifactOptions>?, string)[] { (null, "configured"), (o => o.Root = Path.Combine(root, "code"), "code") })
        {
            var services = new ServiceCollection();
            services.AddMlops(configuration).UseFileArtifacts(configure);
            await using var provider = services.BuildServiceProvider();
            await provider.GetRequiredService<IArtifactStore>().OpenAsync(Token);
            Directory.Exists(Path.Combine(root, folder, "sha256")).Should().BeTrue();
        }

        new FileArtifactOptions().Root.Should().Be(".mlops/artifacts");
    }

    private sealed class RecordingSync(string root) : FileSync
    {
        public List<string> Calls { get; } = [];

        public override void File(SafeFileHandle file, string path)
        {
            base.File(file, path);
            Calls.Add("file " + Short(path));
        }

        public override void Rename(string from, string to)
        {
            base.Rename(from, to);
            Calls.Add($"rename {Short(from)} {Short(to)}");
        }

        public override void Folder(string path)
        {
            base.Folder(path);
            Calls.Add("folder " + Short(path));
        }

        private string Short(string path)
        {
            var relative = Path.GetRelativePath(root, path).Replace('\\', '/');
            return relative.StartsWith("tmp/", StringComparison.Ordinal) ? "tmp/*" : relative;
        }
    }

    private sealed class FailingSync : FileSync
    {
        public override void File(SafeFileHandle file, string path) => throw new IOException("the disk is broken");
    }
}
