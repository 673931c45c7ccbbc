using System.Diagnostics;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Artifacts;

/// <summary>A disk of one megabyte.</summary>
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
    public async Task A_full_disk_is_named_with_the_remedy_and_keeps_nothing_of_the_upload()
    {
        var store = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = disk }));
        await store.OpenAsync(Token);
        var small = await store.PutBytesAsync(new byte[100_000], Token);
        var error = (await FluentActions.Awaiting(() => store.PutBytesAsync(new byte[2_000_000], Token)).Should().ThrowAsync<MlopsException>()).Which;
        error.Message.Should().Contain(disk).And.Contain("is full").And.Contain("Free some space").And.Contain("Mlops:Artifacts:Root");
        error.Store.Should().Be("files");
        error.Operation.Should().Be("put");
        (await store.ListAsync(Token).ToListAsync(Token)).Should().Equal(small);
        Directory.EnumerateFiles(Path.Combine(disk, "tmp")).Should().BeEmpty();
        (await store.PutBytesAsync(new byte[200_000], Token)).Length.Should().Be(200_000);
    }

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
